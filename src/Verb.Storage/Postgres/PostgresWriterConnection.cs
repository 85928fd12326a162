using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>
/// A writer's own connection. Where it breaks, what was under way on it is ended in the server before anything else is done: else it might
/// still be committed after its room was read back.
/// </summary>
internal sealed class PostgresWriterConnection(PostgresDatabase database) : IAsyncDisposable
{
    /// <summary>Plans are made again this often, for those of a small table are slow once it has grown.</summary>
    private static readonly TimeSpan PlansLife = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _settling = new(1);
    private NpgsqlConnection? _connection;
    private (int Process, DateTime Started) _backend;
    private (int Process, DateTime Started)? _broken;
    private bool _hasBroken;
    private long _planned;

    /// <summary>Whether the last transaction's failure left the connection whole.</summary>
    public bool IsOpen => _connection is not null;

    /// <summary>Does the groups' works in one transaction and one round trip; each work is told what became of it.</summary>
    public async Task Commit(IReadOnlyList<IReadOnlyList<PostgresWork>> groups)
    {
        var connection = await Connect();
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            var heads = Prepare(batch, groups);
            await using var reader = await batch.ExecuteReaderAsync();
            for (var head = 0; head < heads; head++)
                await reader.NextResultAsync();
            foreach (var works in groups)
            {
                while (await reader.ReadAsync())
                {
                    var lastSeq = await reader.IsDBNullAsync(3) ? (long?)null : reader.GetInt64(3);
                    works[(int)reader.GetInt64(0) - 1].Note(reader.GetBoolean(1), reader.GetBoolean(2), lastSeq);
                }

                // The last one waits for the commit.
                await reader.NextResultAsync();
            }
        }
        catch (Exception cause)
        {
            // A server that has become read-only is to be found again where it is not.
            if (cause is not PostgresException { SqlState: not PostgresErrorCodes.ReadOnlySqlTransaction }
                || connection.FullState != System.Data.ConnectionState.Open)
                await Break();
            throw;
        }
    }

    /// <summary>Waits until nothing that was under way on a connection that broke can still happen.</summary>
    public async ValueTask Settle(CancellationToken cancellation)
    {
        if (_broken is null)
            return;
        await _settling.WaitAsync(cancellation);
        try
        {
            if (_broken is not { } broken)
                return;
            await using var command = database.Source.CreateCommand(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2");
            command.With(broken.Process).With(broken.Started);
            if (await command.ExecuteScalarAsync(cancellation) is false)
                throw new StorageException(StorageFault.Locked, $"{database.Name} does not end the session of process {broken.Process}.");
            _broken = null;
        }
        catch (Exception cause) when (PostgresFailure.IsOne(cause))
        {
            throw PostgresFailure.From(cause, database.Name);
        }
        finally
        {
            _settling.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _connection = null;
    }

    private int Prepare(NpgsqlBatch batch, IReadOnlyList<IReadOnlyList<PostgresWork>> groups)
    {
        if (database.Clock.GetElapsedTime(_planned) > PlansLife)
        {
            _planned = database.Clock.GetTimestamp();
            batch.BatchCommands.Add(new NpgsqlBatchCommand("DISCARD PLANS"));
        }

        // Shards are locked in the order of their numbers, so that nobody waits for each other. One statement does so by itself.
        if (groups.Count > 1)
        {
            int[] shards = [.. groups.SelectMany(works => works).Select(work => work.Fence.Shard).Distinct()];
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT id FROM shard WHERE id = ANY($1) ORDER BY id FOR SHARE").With(shards));
        }

        foreach (var works in groups)
            batch.BatchCommands.Add(works[0].Statement(works));
        return groups.Count > 1 ? 1 : 0; // Only what gives rows has a result to read.
    }

    private async Task<NpgsqlConnection> Connect()
    {
        if (_connection is { } open)
            return open;
        // What the pool still holds may be as dead, or from the time when the server only read.
        if (_hasBroken)
            database.Source.Clear();
        await Settle(CancellationToken.None);
        var connection = await database.Source.OpenConnectionAsync();
        try
        {
            await using var command = new NpgsqlCommand("SET enable_seqscan = off; SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()", connection);
            _backend = (connection.ProcessID, (DateTime)(await command.ExecuteScalarAsync())!);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        _planned = database.Clock.GetTimestamp();
        _hasBroken = false;
        return _connection = connection;
    }

    private async ValueTask Break()
    {
        _broken = _backend;
        var connection = _connection!;
        _connection = null;
        _hasBroken = true;
        database.Source.Clear();
        await connection.DisposeAsync();
    }
}
