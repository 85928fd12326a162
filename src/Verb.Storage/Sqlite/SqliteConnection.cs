using SQLitePCL;

namespace Verb.Storage.Sqlite;

/// <summary>One connection, used by one thread.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int BusyTimeoutMilliseconds = 5000;
    private readonly List<SqliteStatement> _statements = [];
    private readonly string _path;
    private readonly sqlite3 _handle;

    static SqliteConnection() => Batteries_V2.Init();

    public SqliteConnection(string path)
    {
        _path = path;
        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out _handle, Flags, null);
        if (code != raw.SQLITE_OK)
        {
            var failure = SqliteFailure.From(code, raw.sqlite3_errstr(code).utf8_to_string(), path);
            Dispose();
            throw failure;
        }

        Check(raw.sqlite3_extended_result_codes(_handle, 1));
        Check(raw.sqlite3_busy_timeout(_handle, BusyTimeoutMilliseconds));
    }

    public int Changes => raw.sqlite3_changes(_handle);

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The first column of the first row, as text.</summary>
    public string Scalar(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
        using var statement = new SqliteStatement(this, handle);
        using var rows = statement.Query();
        return rows.Next() ? rows.Text(0) : "";
    }

    /// <summary>
    /// Rolls back, where SQLite has not done so by itself. Where even that fails the next BEGIN fails too, and says so.
    /// </summary>
    public void Rollback() => _ = raw.sqlite3_get_autocommit(_handle) == 0 ? raw.sqlite3_exec(_handle, "ROLLBACK") : 0;

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw SqliteFailure.From(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), _path);
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        raw.sqlite3_close_v2(_handle);
        _handle?.Dispose();
    }
}
