using System.Data;
using System.Globalization;
using Npgsql;

namespace Verb.Cluster.Directory;

/// <summary>
/// One connection of its own: never from a pool, because a pool keeps connections, and with them locks, open that nobody uses any more. Every
/// statement ends within the time given, so that a database that hangs does not hang the node.
/// </summary>
internal sealed class DirectorySession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private DirectorySession(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Whether the connection stands, as far as is known.</summary>
    public bool IsOpen => _connection.State == ConnectionState.Open;

    /// <summary>Connects.</summary>
    /// <param name="settings">The database, as <see cref="Verb.Storage.Postgres.PostgresSession"/> wants it.</param>
    /// <param name="name">What the connection is called there.</param>
    /// <param name="timeout">How long a statement may take.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public static async Task<DirectorySession> Open(
        NpgsqlConnectionStringBuilder settings, string name, TimeSpan timeout, CancellationToken cancellation)
    {
        var seconds = (int)Math.Ceiling(timeout.TotalSeconds);
        var own = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            ApplicationName = name,
            Pooling = false,
            Enlist = false,
            Timeout = seconds,
            CommandTimeout = seconds,
            // The server ends a statement first; where it does not even do that, asking it to cancel is of no use.
            CancellationTimeout = -1,
            Options = string.Create(CultureInfo.InvariantCulture, $"{settings.Options} -c statement_timeout={(timeout * 0.75).TotalMilliseconds:0}"),
        };
        var session = new DirectorySession(new NpgsqlConnection(own.ConnectionString));
        try
        {
            await session._connection.OpenAsync(cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a statement; its parameters by number.</summary>
    public async Task<int> Execute(string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Parameterized(new NpgsqlCommand(sql, _connection), parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first value of a statement's only row; null where there is none.</summary>
    public async Task<T?> Value<T>(string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Parameterized(new NpgsqlCommand(sql, _connection), parameters);
        return await command.ExecuteScalarAsync(cancellation) is T value ? value : default;
    }

    /// <summary>A statement's rows.</summary>
    public async Task<IReadOnlyList<T>> Rows<T>(
        string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Parameterized(new NpgsqlCommand(sql, _connection), parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await All(reader, row, cancellation);
    }

    /// <summary>An empty batch: what is put into it goes to the server and comes back in one go.</summary>
    public NpgsqlBatch Batch() => new(_connection);

    /// <summary>The rows of the reader's result.</summary>
    public static async Task<IReadOnlyList<T>> All<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>Closes the connection; its lock goes with it.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static NpgsqlCommand Parameterized(NpgsqlCommand command, object[] parameters)
    {
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
