using System.Globalization;
using Verb.Actors.Durability;

namespace Verb.Storage.Sqlite;

/// <summary>The tables, and how an older file becomes a current one.</summary>
internal static class SqliteSchema
{
    /// <summary>"Verb" in ASCII: marks the file as ours.</summary>
    private const int ApplicationId = 0x56657262;

    /// <summary>One script a version; a released one is never changed, only followed.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE room(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            epoch TEXT NOT NULL,
            last_seq INTEGER NOT NULL,
            created INTEGER NOT NULL);
        CREATE TABLE history(
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            message_id TEXT NOT NULL,
            sender TEXT NOT NULL,
            username TEXT NOT NULL,
            role TEXT NOT NULL,
            message BLOB NOT NULL,
            timestamp INTEGER NOT NULL,
            PRIMARY KEY(room, seq)) WITHOUT ROWID;
        CREATE TABLE dedupe(
            room INTEGER NOT NULL,
            sender TEXT NOT NULL,
            message_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            PRIMARY KEY(room, sender, message_id)) WITHOUT ROWID;
        CREATE INDEX dedupe_expires ON dedupe(expires);
        CREATE TABLE user(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            last_seq INTEGER NOT NULL DEFAULT 0,
            acked_seq INTEGER NOT NULL DEFAULT 0,
            seen INTEGER,
            anonymous INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX user_anonymous_seen ON user(seen) WHERE anonymous = 1;
        CREATE TABLE inbox(
            user INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            message_id TEXT NOT NULL,
            kind INTEGER NOT NULL,
            sender TEXT,
            username TEXT,
            role TEXT,
            body BLOB NOT NULL,
            timestamp INTEGER NOT NULL,
            PRIMARY KEY(user, seq)) WITHOUT ROWID;
        CREATE TABLE inbox_dedupe(
            user INTEGER NOT NULL,
            sender TEXT NOT NULL,
            message_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            PRIMARY KEY(user, sender, message_id)) WITHOUT ROWID;
        CREATE INDEX inbox_dedupe_expires ON inbox_dedupe(expires);
        CREATE TABLE secret(
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL) WITHOUT ROWID;
        """,
    ];

    public static int Version => Migrations.Length;

    /// <summary>Refuses a file that is not Verb's or that a newer Verb wrote, without touching it.</summary>
    public static void Verify(SqliteConnection connection, string path)
    {
        var application = Number(connection, "PRAGMA application_id");
        if (application != ApplicationId && (application != 0 || Number(connection, "SELECT count(*) FROM sqlite_master") > 0))
            throw new StorageException(StorageFault.Damaged, $"The file '{path}' is a database, but not one of Verb's.");
        var version = Number(connection, "PRAGMA user_version");
        if (version > Version)
        {
            throw new StorageException(
                StorageFault.Newer,
                $"The database '{path}' has schema {version}, this Verb knows up to {Version}: start the newer Verb that wrote it.");
        }
    }

    /// <summary>Brings the file to this version.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        connection.Execute("BEGIN IMMEDIATE");
        for (var version = Number(connection, "PRAGMA user_version"); version < Version; version++)
            connection.Execute(Migrations[version]);
        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT");
    }

    private static int Number(SqliteConnection connection, string sql) =>
        int.Parse(connection.Scalar(sql), CultureInfo.InvariantCulture);
}
