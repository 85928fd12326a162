using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Timing;
using Verb.Actors.Users;
using Verb.Storage.Files;

namespace Verb.Storage.Postgres;

/// <summary>
/// A PostgreSQL database that several nodes may share: who may write for a shard stands in the table <c>shard</c>, and every write checks it.
/// Disposing it commits what waits and closes the connections.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly PostgresWriter[] _writers;
    private readonly PostgresReaders _readers;
    private readonly PostgresPurge _purge;
    private bool _closed;

    private PostgresDatabase(NpgsqlDataSource source, PostgresOptions options, string name, TimeProvider clock)
    {
        (Source, Options, Name, Clock, Time) = (source, options, name, clock, new SteadyTime(clock));
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => new PostgresWriter(this))];
        _readers = new PostgresReaders(this);
        _purge = new PostgresPurge(this);
        History = new PostgresHistoryStore(this);
        Inboxes = new PostgresInboxStore(this);
        Secrets = new PostgresSecretStore(this);
    }

    /// <summary>Rooms' histories.</summary>
    public IHistoryStore History { get; }

    /// <summary>Users' inboxes.</summary>
    public IInboxStore Inboxes { get; }

    /// <summary>Secrets that all nodes share.</summary>
    public ISecretStore Secrets { get; }

    /// <summary>Uploaded files, which every node serves.</summary>
    /// <param name="options">How much is taken; its path means nothing here.</param>
    public IFileStore Files(FileStoreOptions options) => new PostgresFileStore(this, options);

    /// <summary>The pool.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>What failures call the database; without user and password.</summary>
    internal string Name { get; }

    internal PostgresOptions Options { get; }

    internal TimeProvider Clock { get; }

    /// <summary>What expires is judged by it.</summary>
    internal SteadyTime Time { get; }

    /// <summary>Opens the database and makes or updates its tables; several nodes may do so at once.</summary>
    /// <param name="options">Which, and how; validated.</param>
    /// <param name="clock">Tells what has expired.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">The database cannot be used. The message is one line that names it and says what to do.</exception>
    public static async Task<PostgresDatabase> Open(PostgresOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var settings = PostgresSession.Settings(options);
        var name = $"The database '{settings.Database ?? settings.Username}' on {settings.Host}:{settings.Port}";
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        try
        {
            await PostgresStart.Prepare(source, options, name, clock, cancellation);
            return new PostgresDatabase(source, options, name, clock);
        }
        catch (Exception cause)
        {
            await source.DisposeAsync();
            if (PostgresFailure.IsOne(cause))
                throw PostgresFailure.From(cause, name);
            throw;
        }
    }

    /// <summary>Does a small piece of work that a database which only reads refuses.</summary>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    public async ValueTask Touch(CancellationToken cancellation) => await Secrets.GetOrCreate("readiness", 1, cancellation);

    /// <summary>
    /// Takes every shard for a hub that is alone on this database: an earlier process is fenced out from here on.
    /// </summary>
    /// <param name="owner">The hub's name.</param>
    /// <param name="cancellation">Gives up; the shards may have been taken or not.</param>
    /// <returns>The right to write for every shard, by number.</returns>
    /// <exception cref="StorageException">The database cannot be used, or nodes of a cluster use it.</exception>
    internal async Task<IReadOnlyList<Fence>> ClaimAll(string owner, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await PostgresClaim.All(this, owner, cancellation);
        }
        catch (Exception cause) when (PostgresFailure.IsOne(cause))
        {
            throw PostgresFailure.From(cause, Name);
        }
    }

    /// <summary>Commits what waits and closes the connections. What comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        await _purge.DisposeAsync();
        foreach (var writer in _writers)
            await writer.DisposeAsync();
        await _readers.DisposeAsync();
        await Source.DisposeAsync();
    }

    /// <summary>Writes behind what waits for the same room or user.</summary>
    internal ValueTask<AppendResult> Write(PostgresWork work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return WriterOf(work.Fence).Write(work);
    }

    /// <summary>Reads, or does something else that may be done twice: a connection that turns out to be dead is replaced once.</summary>
    internal Task<T> Run<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _closed ? throw Closed() : _readers.Run(work, cancellation);
    }

    /// <summary>The same, once nothing written earlier under the fence's shard can still happen.</summary>
    internal async Task<T> ReadBack<T>(Fence fence, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await WriterOf(fence).Settle(cancellation);
        return await Run(read, cancellation);
    }

    /// <summary>Forgets what has expired; done every minute anyway.</summary>
    internal Task Purge(CancellationToken cancellation) => _purge.Run(cancellation);

    internal StorageException Closed() => new(StorageFault.Closed, $"{Name} is closed.");

    private PostgresWriter WriterOf(Fence fence) => _writers[(uint)fence.Shard % _writers.Length];
}
