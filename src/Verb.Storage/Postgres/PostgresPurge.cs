using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>Forgets what has expired, a bounded part at a time; every node does, and skips what another is at.</summary>
internal sealed class PostgresPurge : IAsyncDisposable
{
    private const int Limit = 2048;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan EmptyRoomLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan AnonymousLife = TimeSpan.FromHours(24);

    /// <summary>Rooms joined but never spoken in. One that is open begins anew with its first message.</summary>
    private const string EmptyRooms =
        """
        WITH gone AS (
            DELETE FROM room WHERE id = ANY(ARRAY(
                SELECT id FROM room WHERE last_seq = 0 AND created < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1)
        SELECT count(*) FROM gone
        """;

    /// <summary>The user's row goes first: a write that comes at the same time waits for it and makes a new one.</summary>
    private const string Recipients =
        """
        WITH gone AS (
            DELETE FROM recipient WHERE id = ANY(ARRAY(
                SELECT id FROM recipient WHERE anonymous AND seen < $1 ORDER BY seen LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING id),
        items AS (DELETE FROM inbox WHERE recipient IN (SELECT id FROM gone)),
        entries AS (DELETE FROM inbox_dedupe WHERE recipient IN (SELECT id FROM gone))
        SELECT count(*) FROM gone
        """;

    private readonly PostgresDatabase _database;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;
    private DateTimeOffset _forgetDue;

    public PostgresPurge(PostgresDatabase database)
    {
        _database = database;
        _loop = Loop();
    }

    public async Task Run(CancellationToken cancellation)
    {
        var now = _database.Time.Moment;
        await Repeat(Entries("dedupe"), now.ToUnixTimeMilliseconds());
        await Repeat(Entries("inbox_dedupe"), now.ToUnixTimeMilliseconds());
        await Repeat(Recipients, (now - AnonymousLife).ToUnixTimeMilliseconds());
        await Repeat(FileRows.Purge, 0);
        if (now >= _forgetDue)
        {
            await Repeat(EmptyRooms, (now - EmptyRoomLife).ToUnixTimeMilliseconds());
            _forgetDue = now + ForgetEvery;
        }

        async Task Repeat(string sql, long before)
        {
            while (await _database.Run(
                async connection =>
                {
                    await using var command = new NpgsqlCommand(sql, connection);
                    return (long)(await command.With(before).With(Limit).ExecuteScalarAsync(cancellation))!;
                },
                cancellation) >= Limit)
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _loop;
        _closing.Dispose();
    }

    private static string Entries(string table) =>
        $"""
        WITH gone AS (
            DELETE FROM {table} WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM {table} WHERE expires <= $1 ORDER BY expires LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING 1)
        SELECT count(*) FROM gone
        """;

    private async Task Loop()
    {
        using var timer = new PeriodicTimer(Every, _database.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                try
                {
                    await Run(_closing.Token);
                }
                catch (StorageException)
                {
                    // The next time will do; writers and readers tell the operator.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }
}
