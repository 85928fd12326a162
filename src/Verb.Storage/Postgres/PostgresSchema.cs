using System.Globalization;
using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>The tables, the cluster's too, and how an older database becomes a current one.</summary>
internal static class PostgresSchema
{
    /// <summary>"Verb" in ASCII: whoever migrates holds this advisory lock.</summary>
    private const int Lock = 0x56657262;

    /// <summary>
    /// One script a version; a released one is never changed, only followed. Text compares by its bytes, whatever the database's locale.
    /// </summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE node(
            id text COLLATE "C" PRIMARY KEY,
            incarnation bigint NOT NULL,
            address text NOT NULL,
            expires timestamptz NOT NULL,
            draining boolean NOT NULL DEFAULT false,
            protocol int NOT NULL);
        CREATE SEQUENCE node_incarnation;
        CREATE TABLE shard(
            id int PRIMARY KEY,
            owner text COLLATE "C",
            term bigint NOT NULL) WITH (fillfactor = 20);
        INSERT INTO shard(id, term) SELECT id, 0 FROM generate_series(0, 255) AS id;
        CREATE TABLE room(
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text COLLATE "C" NOT NULL UNIQUE,
            epoch text NOT NULL,
            last_seq bigint NOT NULL DEFAULT 0,
            created bigint NOT NULL) WITH (fillfactor = 70);
        CREATE TABLE history(
            room bigint NOT NULL,
            seq bigint NOT NULL,
            message_id text NOT NULL,
            sender text NOT NULL,
            username text NOT NULL,
            role text NOT NULL,
            body bytea NOT NULL,
            timestamp bigint NOT NULL,
            PRIMARY KEY(room, seq));
        CREATE TABLE dedupe(
            room bigint NOT NULL,
            sender text COLLATE "C" NOT NULL,
            message_id text COLLATE "C" NOT NULL,
            seq bigint NOT NULL,
            timestamp bigint NOT NULL,
            expires bigint NOT NULL,
            PRIMARY KEY(room, sender, message_id));
        CREATE INDEX dedupe_expires ON dedupe(expires);
        CREATE TABLE recipient(
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text COLLATE "C" NOT NULL UNIQUE,
            last_seq bigint NOT NULL DEFAULT 0,
            acked_seq bigint NOT NULL DEFAULT 0,
            seen bigint,
            anonymous boolean NOT NULL DEFAULT false) WITH (fillfactor = 70);
        CREATE INDEX recipient_anonymous_seen ON recipient(seen) WHERE anonymous;
        CREATE TABLE inbox(
            recipient bigint NOT NULL,
            seq bigint NOT NULL,
            message_id text NOT NULL,
            kind int NOT NULL,
            sender text,
            username text,
            role text,
            body bytea NOT NULL,
            timestamp bigint NOT NULL,
            PRIMARY KEY(recipient, seq));
        CREATE TABLE inbox_dedupe(
            recipient bigint NOT NULL,
            sender text COLLATE "C" NOT NULL,
            message_id text COLLATE "C" NOT NULL,
            seq bigint NOT NULL,
            timestamp bigint NOT NULL,
            expires bigint NOT NULL,
            PRIMARY KEY(recipient, sender, message_id));
        CREATE INDEX inbox_dedupe_expires ON inbox_dedupe(expires);
        CREATE TABLE secret(
            name text COLLATE "C" PRIMARY KEY,
            value bytea NOT NULL);
        CREATE TABLE file(
            id text COLLATE "C" PRIMARY KEY,
            name text NOT NULL,
            size bigint NOT NULL,
            mime_type text NOT NULL,
            owner text NOT NULL,
            room text,
            sha256 text,
            timestamp bigint,
            touched timestamptz NOT NULL DEFAULT now());
        CREATE INDEX file_arriving ON file(touched) WHERE sha256 IS NULL;
        CREATE TABLE file_block(
            file text COLLATE "C" NOT NULL,
            number int NOT NULL,
            body bytea NOT NULL,
            PRIMARY KEY(file, number));
        ALTER TABLE file_block ALTER COLUMN body SET STORAGE EXTERNAL;
        CREATE TABLE file_space(
            bytes bigint NOT NULL,
            files bigint NOT NULL) WITH (fillfactor = 20);
        INSERT INTO file_space VALUES(0, 0);
        """,
    ];

    public static int Version => Migrations.Length;

    /// <summary>Brings the database to this version, one process at a time and all or nothing; refuses one that is not Verb's or newer.</summary>
    public static async Task Migrate(NpgsqlConnection connection, NpgsqlTransaction transaction, string name, CancellationToken cancellation)
    {
        await Execute($"SELECT pg_advisory_xact_lock({Lock})");
        await Execute("CREATE TABLE IF NOT EXISTS meta(key text COLLATE \"C\" PRIMARY KEY, value text NOT NULL)");
        var text = await Execute("SELECT value FROM meta WHERE key = 'schema'") as string;
        var found = text is null ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
        if (found > Version)
        {
            throw new StorageException(
                StorageFault.Newer, $"{name} has schema {found}, this Verb knows up to {Version}: start the newer Verb that wrote it.");
        }

        if (found == Version)
            return;
        for (var version = found; version < Version; version++)
            await Execute(Migrations[version]);
        await Execute($"INSERT INTO meta VALUES('schema', '{Version}') ON CONFLICT(key) DO UPDATE SET value = excluded.value");

        async Task<object?> Execute(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            try
            {
                return await command.ExecuteScalarAsync(cancellation);
            }
            catch (PostgresException cause) when (cause.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.UndefinedColumn)
            {
                throw new StorageException(
                    StorageFault.Damaged, $"{name} holds another program's tables ({cause.MessageText}): give Verb a database of its own.", cause);
            }
        }
    }
}
