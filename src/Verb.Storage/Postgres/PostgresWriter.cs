using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>
/// Writes for the shards that fall to it, one transaction after the other: each takes everything that arrived while the previous one was
/// under way, in one round trip. Never waits for more to come.
/// </summary>
internal sealed class PostgresWriter(PostgresDatabase database) : IAsyncDisposable
{
    private const int MostPerCommit = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<PostgresWork> _waiting = new();
    private readonly PostgresWriterConnection _connection = new(database);
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private bool _closed;
    private long _bytes;

    /// <summary>Takes a write, or says that too much is waiting.</summary>
    /// <exception cref="StorageException">The database is closed.</exception>
    public ValueTask<AppendResult> Write(PostgresWork work)
    {
        lock (_lock)
        {
            if (_closed)
                throw database.Closed();
            if (_waiting.Count >= database.Options.QueueLength || (_waiting.Count > 0 && _bytes + work.Bytes > database.Options.QueueBytes))
                return new(AppendResult.Overloaded);
            _waiting.Enqueue(work);
            _bytes += work.Bytes;
            if (!_isRunning)
            {
                _isRunning = true;
                _running = Task.Run(Run);
            }
        }

        return new(work.Task);
    }

    /// <summary>Waits until nothing that was under way on a connection that broke can still happen.</summary>
    /// <exception cref="StorageException">That cannot be said.</exception>
    public ValueTask Settle(CancellationToken cancellation) => _connection.Settle(cancellation);

    /// <summary>Writes what waits and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_lock)
        {
            _closed = true;
            running = _running;
        }

        await running;
        await _connection.DisposeAsync();
    }

    private async Task Run()
    {
        var batch = new List<PostgresWork>(MostPerCommit);
        while (Take(batch))
        {
            await Commit(batch);
            batch.Clear();
        }
    }

    private bool Take(List<PostgresWork> batch)
    {
        lock (_lock)
        {
            while (batch.Count < MostPerCommit && _waiting.TryDequeue(out var work))
            {
                _bytes -= work.Bytes;
                if (!work.IsWithdrawn())
                    batch.Add(work);
            }

            return _isRunning = batch.Count > 0;
        }
    }

    private async Task Commit(IReadOnlyList<PostgresWork> batch)
    {
        try
        {
            await _connection.Commit(PostgresBatch.Group(batch));
        }
        catch (Exception cause)
        {
            await Fail(batch, cause);
            return;
        }

        foreach (var work in batch)
            work.Complete();
    }

    private async Task Fail(IReadOnlyList<PostgresWork> batch, Exception cause)
    {
        // One work that the database cannot take is not to take others with it. A database that is away fails them all the same.
        if (batch.Count > 1 && cause is PostgresException && _connection.IsOpen)
        {
            foreach (var work in batch)
                await Commit([work]);
            return;
        }

        var failure = PostgresFailure.IsOne(cause) ? PostgresFailure.From(cause, database.Name) : cause;
        foreach (var work in batch)
            work.Fail(failure);
    }
}
