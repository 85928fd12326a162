using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>The connections that read, and do what else is not a room's or inbox's write: so many at a time, and so many that wait.</summary>
internal sealed class PostgresReaders(PostgresDatabase database) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(database.Options.Readers);
    private int _waiting;

    public async Task<T> Run<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > database.Options.QueueLength)
                throw new StorageException(StorageFault.Overloaded, $"{database.Name} does not keep up: too much is waiting to be read.");
            await _free.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await Try(read, cancellation) is (true, var result) ? result! : (await Once(read, cancellation))!;
        }
        catch (Exception cause) when (PostgresFailure.IsOne(cause))
        {
            // A server that has become read-only is to be found again where it is not.
            if (cause is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
                database.Source.Clear();
            throw PostgresFailure.From(cause, database.Name);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way; the caller lets no more come.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < database.Options.Readers; i++)
            await _free.WaitAsync();
        _free.Dispose();
    }

    /// <summary>A connection from the pool may have been dead for long: then another one is tried.</summary>
    private async Task<(bool Done, T? Result)> Try<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        try
        {
            return (true, await read(connection));
        }
        catch (NpgsqlException) when (connection.FullState != System.Data.ConnectionState.Open && !cancellation.IsCancellationRequested)
        {
            database.Source.Clear();
            return (false, default);
        }
    }

    private async Task<T?> Once<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await read(connection);
    }
}
