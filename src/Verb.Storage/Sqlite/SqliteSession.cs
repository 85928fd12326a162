using SQLitePCL;
using Verb.Actors.Durability;

namespace Verb.Storage.Sqlite;

/// <summary>A connection with its settings and every table's statements.</summary>
internal sealed class SqliteSession : IDisposable
{
    private SqliteSession(SqliteConnection connection)
    {
        Connection = connection;
        Rooms = new RoomTables(connection);
        Inboxes = new InboxTables(connection);
        Secrets = new SecretTable(connection);
    }

    public SqliteConnection Connection { get; }

    public RoomTables Rooms { get; }

    public InboxTables Inboxes { get; }

    public SecretTable Secrets { get; }

    /// <summary>Opens the writing connection: verifies the file, brings it up to date, checks it.</summary>
    public static SqliteSession OpenWriter(SqliteOptions options) => Open(options, connection =>
    {
        SqliteSchema.Verify(connection, options.Path);
        Require(connection, options, "journal_mode", "WAL", "wal");
        Require(connection, options, "synchronous", "FULL", "2");
        connection.Execute("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA journal_size_limit = 67108864");
        if (options.MaxPages > 0)
            connection.Execute($"PRAGMA max_page_count = {options.MaxPages}");
        SqliteSchema.Migrate(connection);
        if (new FileInfo(options.Path).Length <= options.CheckUpToBytes)
            CheckPages(connection, options);
    });

    /// <summary>Opens a connection that cannot write; the writing one comes first.</summary>
    public static SqliteSession OpenReader(SqliteOptions options) =>
        Open(options, connection => Require(connection, options, "query_only", "ON", "1"));

    public void Dispose() => Connection.Dispose();

    private static SqliteSession Open(SqliteOptions options, Action<SqliteConnection> settings)
    {
        var connection = new SqliteConnection(options.Path);
        try
        {
            connection.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY");
            settings(connection);
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CheckPages(SqliteConnection connection, SqliteOptions options)
    {
        var found = connection.Scalar("PRAGMA quick_check(1)");
        if (found != "ok")
            throw SqliteFailure.From(raw.SQLITE_CORRUPT, found.Split('\n')[^1], options.Path);
    }

    private static void Require(SqliteConnection connection, SqliteOptions options, string pragma, string value, string expected)
    {
        connection.Scalar($"PRAGMA {pragma} = {value}");
        var actual = connection.Scalar($"PRAGMA {pragma}");
        if (!string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new StorageException(
                StorageFault.Device, $"The database '{options.Path}' does not take {pragma} = {value}, it stays at '{actual}'.");
        }
    }
}
