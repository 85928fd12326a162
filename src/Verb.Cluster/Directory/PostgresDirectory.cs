using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Storage.Postgres;

namespace Verb.Cluster.Directory;

/// <summary>
/// The directory in PostgreSQL. A node holds an advisory lock as long as its connection stands, and a row whose lease it renews: the lock tells
/// at once when its process has ended, the lease when it is frozen or out of reach. Everything is judged by the database's clock.
/// </summary>
internal sealed class PostgresDirectory(PostgresDirectoryOptions options, TimeProvider clock) : IShardDirectory, IAsyncDisposable
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(25);

    private readonly NpgsqlConnectionStringBuilder _settings = PostgresSession.Settings(new PostgresOptions { ConnectionString = options.ConnectionString });
    private DirectorySession? _session;
    private NodeId _node;
    private long _incarnation;
    private long _key;

    /// <summary>When the connection came back; null while the first one stands.</summary>
    private long? _resumed;

    private TimeSpan Settling => options.Settling ?? options.Lease;

    /// <summary>What failures call the database.</summary>
    private string Name => $"The database '{_settings.Database ?? _settings.Username}' on {_settings.Host}:{_settings.Port}";

    /// <inheritdoc/>
    public ValueTask<long> Join(NodeId node, string address, CancellationToken cancellation) => Guard(async () =>
    {
        await Close();
        (_node, _incarnation, _key, _resumed) = (node, 0, NodeLock.Key(options.Cluster, node), null);
        var session = await DirectorySession.Open(_settings, "verb", options.CommandTimeout, cancellation);
        try
        {
            await Admit(session, cancellation);
            await TakeLock(session, cancellation);
            var incarnation = await session.Value<long>(DirectorySql.NextIncarnation, cancellation);
            await session.Execute(DirectorySql.Named, cancellation, BackendName.Session(node, incarnation));
            await session.Execute(DirectorySql.Enter, cancellation,
                node.Value, incarnation, address, options.Lease, options.Protocol, BackendName.Prefix(node));
            (_session, _incarnation) = (session, incarnation);
            return incarnation;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    });

    /// <inheritdoc/>
    public ValueTask<DirectoryView?> Renew(CancellationToken cancellation) => Guard(async () =>
    {
        try
        {
            return await View(cancellation);
        }
        catch (NpgsqlException exception) when (_session is { IsOpen: false } && exception.InnerException is not TimeoutException)
        {
            // The connection was lost while nobody used it; had the lease been renewed all the same, no harm is done by doing it again.
            return await View(cancellation);
        }
    });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardRow>> Claim(IReadOnlyList<ShardRow> seen, CancellationToken cancellation) => Guard(async () =>
        await Session(cancellation) is { } session
            ? await session.Rows(DirectorySql.Claim, Shard, cancellation, _node.Value, _incarnation, Ids(seen), Terms(seen))
            : []);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardRow>> HandOver(IReadOnlyList<ShardRow> held, NodeId target, CancellationToken cancellation) => Guard(async () =>
        await Session(cancellation) is { } session
            ? await session.Rows(DirectorySql.HandOver, Shard, cancellation, _node.Value, _incarnation, Ids(held), Terms(held), target.Value)
            : []);

    /// <inheritdoc/>
    public ValueTask<bool> Judge(NodeId node, long incarnation, CancellationToken cancellation) => Guard(async () =>
        await Session(cancellation) is { } session && await Judge(session, node, incarnation, cancellation));

    /// <inheritdoc/>
    public async ValueTask SetDraining(bool draining, CancellationToken cancellation) => await Guard(async () =>
        await Session(cancellation) is { } session
            ? await session.Execute(DirectorySql.SetDraining, cancellation, _node.Value, _incarnation, draining)
            : 0);

    /// <inheritdoc/>
    public async ValueTask Leave(CancellationToken cancellation)
    {
        try
        {
            await Guard(async () => await Session(cancellation) is { } session
                ? await session.Execute(DirectorySql.Leave, cancellation, _node.Value, _incarnation)
                : 0);
        }
        finally
        {
            _incarnation = 0;
            await Close();
        }
    }

    /// <summary>Closes the connection without leaving: as if the process ended.</summary>
    public ValueTask DisposeAsync()
    {
        _incarnation = 0;
        return Close();
    }

    private async Task Admit(DirectorySession session, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow();
        var now = await session.Value<DateTime>(DirectorySql.Clock, cancellation);
        Admission.Clock(before, now, clock.GetUtcNow(), options.ClockTolerance);
        await session.Execute(DirectorySql.NameCluster, cancellation, options.Cluster);
        Admission.Cluster(options.Cluster, await session.Value<string>(DirectorySql.Cluster, cancellation) ?? "");
        if (options.SecretDigest is { } digest)
        {
            await session.Execute(DirectorySql.NameSecret, cancellation, digest, _node.Value);
            Admission.Secret(options.Cluster, digest, await session.Value<string>(DirectorySql.Secret, cancellation) ?? "");
        }

        Admission.Protocol(options.Protocol, await session.Value<int?>(DirectorySql.OldestProtocol, cancellation));
    }

    /// <summary>An earlier life may have ended just now, or be frozen: its lease tells within the time that one lasts.</summary>
    private async Task TakeLock(DirectorySession session, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (!await session.Value<bool>(DirectorySql.Lock, cancellation, _key))
        {
            if (await session.Value<long?>(DirectorySql.Incarnation, cancellation, _node.Value) is { } earlier)
                await Judge(session, _node, earlier, cancellation);
            if (clock.GetElapsedTime(started) > options.Lease)
                throw Admission.Taken(options.Cluster, _node);
            await Task.Delay(LockPoll, clock, cancellation);
        }
    }

    private async Task<bool> Judge(DirectorySession session, NodeId node, long incarnation, CancellationToken cancellation)
    {
        var settled = _resumed is not { } resumed || clock.GetElapsedTime(resumed) >= Settling;
        var (present, removed) = (await session.Rows(DirectorySql.Judge, row => (row.GetBoolean(0), row.GetBoolean(1)), cancellation,
            node.Value, incarnation, NodeLock.Key(options.Cluster, node), Settling, settled, BackendName.Prefix(node), options.Lease))[0];
        return removed || !present;
    }

    private async Task<DirectoryView?> View(CancellationToken cancellation)
    {
        if (await Session(cancellation) is not { } session)
            return null;
        await using var batch = session.Batch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(DirectorySql.Renew)
        {
            Parameters = { new() { Value = _node.Value }, new() { Value = _incarnation }, new() { Value = options.Lease } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(DirectorySql.Nodes));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(DirectorySql.Shards));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        await reader.NextResultAsync(cancellation);
        var nodes = await DirectorySession.All(reader, Node, cancellation);
        await reader.NextResultAsync(cancellation);
        return new DirectoryView(nodes, await DirectorySession.All(reader, Shard, cancellation));
    }

    /// <summary>The session with the lock held, opened again where it was lost; null where this life is no node any more.</summary>
    private async ValueTask<DirectorySession?> Session(CancellationToken cancellation)
    {
        if (_incarnation == 0)
            return null;
        if (_session is { IsOpen: true } standing)
            return standing;
        await Close();
        var name = BackendName.Session(_node, _incarnation);
        var session = await DirectorySession.Open(_settings, name, options.CommandTimeout, cancellation);
        try
        {
            if (!await Resume(session, name, cancellation))
            {
                await session.DisposeAsync();
                return null;
            }

            (_session, _resumed) = (session, clock.GetTimestamp());
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the lock is held again; false where this life is no node any more.</summary>
    private async Task<bool> Resume(DirectorySession session, string name, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var held = await session.Value<bool?>(DirectorySql.Resume, cancellation, _node.Value, _incarnation, _key, name);
            if (held is not false)
                return held is true;
            if (clock.GetElapsedTime(started) > options.CommandTimeout)
                throw new StorageException(StorageFault.Locked, $"{Name} has the lock of the node '{_node}' given to another connection.");
            await Task.Delay(LockPoll, clock, cancellation);
        }
    }

    private async ValueTask Close()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    private async ValueTask<T> Guard<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception cause) when (PostgresFailure.IsOne(cause))
        {
            throw PostgresFailure.From(cause, Name);
        }
    }

    private static int[] Ids(IReadOnlyList<ShardRow> shards) => [.. shards.Select(shard => shard.Shard)];

    private static long[] Terms(IReadOnlyList<ShardRow> shards) => [.. shards.Select(shard => shard.Term)];

    private static ShardRow Shard(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.IsDBNull(1) ? null : new NodeId(row.GetString(1)), row.GetInt64(2));

    private static NodeRow Node(NpgsqlDataReader row) =>
        new(new NodeId(row.GetString(0)), row.GetInt64(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4));
}
