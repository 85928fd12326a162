using System.Diagnostics;
using Npgsql;

namespace Verb.Storage.Tests.Postgres;

/// <summary>A transaction of somebody else's: holds its locks until disposed, which commits it.</summary>
public sealed class PostgresHold : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _transaction;

    private PostgresHold(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static async Task<PostgresHold> Take(PostgresFixture fixture, string sql)
    {
        var connection = new NpgsqlConnection(fixture.Options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
        return new PostgresHold(connection, transaction);
    }

    /// <summary>Completes once so many sessions of this database wait for a lock.</summary>
    public static async Task Waiting(PostgresFixture fixture, int count)
    {
        var since = Stopwatch.GetTimestamp();
        while (await fixture.Scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") != $"{count}")
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience, $"there should be {count} sessions that wait");
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not { } transaction)
            return;
        _transaction = null;
        await transaction.CommitAsync();
        await _connection.DisposeAsync();
    }
}
