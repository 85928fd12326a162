using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Timing;
using Verb.Actors.Users;

namespace Verb.Storage.Sqlite;

/// <summary>
/// A single node's database: one file, in write-ahead mode, synced at every commit. One thread writes, a few read.
/// Disposing it commits what waits and closes the file.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private readonly SteadyTime _time;
    private readonly SqliteOptions _options;
    private readonly FileStream _lock;
    private readonly SqliteQueue _writes;
    private readonly SqliteQueue _reads;
    private readonly List<SqliteSession> _sessions = [];
    private readonly List<Task> _threads = [];

    private SqliteDatabase(SqliteOptions options, FileStream fileLock, TimeProvider clock)
    {
        _time = new SteadyTime(clock);
        _options = options;
        _lock = fileLock;
        _writes = new SqliteQueue(options.QueueLength, options.QueueBytes);
        _reads = new SqliteQueue(options.QueueLength, long.MaxValue);
        History = new SqliteHistoryStore(this);
        Inboxes = new SqliteInboxStore(this);
        Secrets = new SqliteSecretStore(this);
        try
        {
            Start();
        }
        catch
        {
            CloseSessions();
            throw;
        }
    }

    /// <summary>Rooms' histories.</summary>
    public IHistoryStore History { get; }

    /// <summary>Users' inboxes.</summary>
    public IInboxStore Inboxes { get; }

    /// <summary>Secrets that outlive a restart.</summary>
    public ISecretStore Secrets { get; }

    /// <summary>Rooms are dated by the clock that later judges them, not by a caller's.</summary>
    internal long Now => _time.Now;

    internal FenceTable Fences { get; } = new();

    /// <summary>Opens the database, making it where it is missing.</summary>
    /// <param name="options">Where and how; validated.</param>
    /// <param name="clock">Tells what has expired.</param>
    /// <exception cref="StorageException">
    /// The file cannot be used: another process has it, it is damaged, written by a newer Verb, or cannot be written.
    /// The message is one line that names the file.
    /// </exception>
    public static SqliteDatabase Open(SqliteOptions options, TimeProvider clock) =>
        new(options, DatabaseFile.Lock(options.Path), clock);

    /// <summary>Commits what waits and closes the file. What comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        _writes.Close();
        _reads.Close();
        await Task.WhenAll(_threads);
        CloseSessions();
    }

    /// <summary>Does the work on the writer's thread, within a transaction; completes once it is committed.</summary>
    internal ValueTask<T> Write<T>(Func<SqliteSession, T> work, CancellationToken cancellation) =>
        Enqueue(_writes, work, 0, cancellation) ?? throw Overloaded("written");

    /// <summary>The same for a work that counts in bytes; null where too much is waiting.</summary>
    internal ValueTask<T>? TryWrite<T>(Func<SqliteSession, T> work, long bytes, CancellationToken cancellation) =>
        Enqueue(_writes, work, bytes, cancellation);

    /// <summary>Does the work on a reader's thread, all of it seeing one moment.</summary>
    internal ValueTask<T> Read<T>(Func<SqliteSession, T> work, CancellationToken cancellation) =>
        Enqueue(_reads, work, 0, cancellation) ?? throw Overloaded("read");

    private ValueTask<T>? Enqueue<T>(
        SqliteQueue queue, Func<SqliteSession, T> work, long bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var entry = new SqliteWork<T>(work, bytes, cancellation);
        return queue.TryAdd(entry) switch
        {
            SqliteQueue.Entry.Taken => new ValueTask<T>(entry.Task),
            SqliteQueue.Entry.Full => null,
            _ => throw new StorageException(StorageFault.Closed, $"The database '{_options.Path}' is closed."),
        };
    }

    private StorageException Overloaded(string what) =>
        new(StorageFault.Overloaded, $"Too much is waiting to be {what} in the database '{_options.Path}'.");

    private void Start()
    {
        var writing = SqliteSession.OpenWriter(_options);
        _sessions.Add(writing);
        if (_options.NewEpochs)
            writing.Rooms.GiveNewEpochs();
        for (var i = 0; i < _options.Readers; i++)
            _sessions.Add(SqliteSession.OpenReader(_options));
        Run(new SqliteWriter(writing, _writes, _time).Loop);
        foreach (var reading in _sessions.Skip(1))
            Run(new SqliteReader(reading, _reads).Loop);
    }

    private void Run(Action loop) => _threads.Add(
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    private void CloseSessions()
    {
        // The writer last: the last connection to close folds the write-ahead log into the file.
        for (var i = _sessions.Count - 1; i >= 0; i--)
            _sessions[i].Dispose();
        _lock.Dispose();
    }
}
