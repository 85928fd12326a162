using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Verb.Storage.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 1024;

    public SqliteStatement Bind(int parameter, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            connection.Check(raw.sqlite3_bind_null(handle, parameter));
            return this;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        var rented = length <= StackBytes ? null : ArrayPool<byte>.Shared.Rent(length);
        var buffer = rented ?? stackalloc byte[StackBytes];
        Encoding.UTF8.GetBytes(value, buffer);
        connection.Check(length == 0 // an empty span would be bound as NULL
            ? raw.sqlite3_bind_text(handle, parameter, "")
            : raw.sqlite3_bind_text(handle, parameter, buffer[..length]));
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span would be bound as NULL.
        connection.Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
            : raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(handle);
        raw.sqlite3_reset(handle);
        connection.Check(code);
    }

    /// <summary>Runs a statement that gives rows; disposing them ends the read.</summary>
    public Rows Query() => new(connection, handle);

    public void Dispose() => handle.Dispose();

    public readonly ref struct Rows(SqliteConnection connection, sqlite3_stmt handle)
    {
        public bool Next()
        {
            var code = raw.sqlite3_step(handle);
            connection.Check(code);
            return code == raw.SQLITE_ROW;
        }

        public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

        public long Number(int column) => raw.sqlite3_column_int64(handle, column);

        public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

        public byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

        public void Dispose() => raw.sqlite3_reset(handle);
    }
}
