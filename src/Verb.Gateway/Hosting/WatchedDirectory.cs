using Microsoft.Extensions.Logging;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;

namespace Verb.Gateway.Hosting;

/// <summary>A directory whose failures and decisions the operator hears of, and that counts what this node took over.</summary>
internal sealed partial class WatchedDirectory(IShardDirectory directory, StorageLog failures, TimeProvider clock, ILogger log)
    : IShardDirectory, IAsyncDisposable
{
    private readonly Dictionary<int, NodeId?> _owners = [];
    private NodeId _self;
    private long _renewed;
    private bool _isLate;
    private bool _hasJoined;
    private bool _isOut;
    private string _nodes = "";
    private long _takeovers;

    /// <summary>Shards taken from nodes that were found dead.</summary>
    public long Takeovers => Interlocked.Read(ref _takeovers);

    /// <summary>The first time it is the start that tells of a failure.</summary>
    public async ValueTask<long> Join(NodeId node, string address, CancellationToken cancellation)
    {
        var incarnation = _hasJoined ? await failures.Watch(StorageWork.Directory, directory.Join(node, address, cancellation)) : await directory.Join(node, address, cancellation);
        (_self, _hasJoined, _isOut) = (node, true, false);
        _renewed = clock.GetTimestamp();
        _owners.Clear();
        LogJoined(log, node, incarnation, address);
        return incarnation;
    }

    public async ValueTask<DirectoryView?> Renew(CancellationToken cancellation)
    {
        DirectoryView? view;
        try
        {
            view = await failures.Watch(StorageWork.Directory, directory.Renew(cancellation));
        }
        catch (StorageException)
        {
            TellLate();
            throw;
        }

        if (view is null && !_isOut)
            LogOut(log, _self);
        _isOut = view is null;
        if (view is null)
            return null;
        if (_isLate)
            LogStands(log, clock.GetElapsedTime(_renewed).TotalSeconds);
        (_renewed, _isLate) = (clock.GetTimestamp(), false);
        TellNodes(view.Nodes);
        TellGiven(view.Shards);
        return view;
    }

    public async ValueTask<IReadOnlyList<ShardRow>> Claim(IReadOnlyList<ShardRow> seen, CancellationToken cancellation)
    {
        var taken = await failures.Watch(StorageWork.Directory, directory.Claim(seen, cancellation));
        if (taken.Count == 0)
            return taken;
        var orphans = seen.Where(row => row.Owner is not null && row.Owner != _self).Select(row => row.Shard).ToHashSet();
        var takenOver = taken.Count(row => orphans.Contains(row.Shard));
        Interlocked.Add(ref _takeovers, takenOver);
        LogClaimed(log, taken.Count, takenOver);
        foreach (var row in taken)
            _owners[row.Shard] = _self;
        return taken;
    }

    public async ValueTask<IReadOnlyList<ShardRow>> HandOver(IReadOnlyList<ShardRow> held, NodeId target, CancellationToken cancellation)
    {
        var given = await failures.Watch(StorageWork.Directory, directory.HandOver(held, target, cancellation));
        if (given.Count > 0)
            LogGiven(log, given.Count, target);
        return given;
    }

    public async ValueTask<bool> Judge(NodeId node, long incarnation, CancellationToken cancellation)
    {
        var isDead = await failures.Watch(StorageWork.Directory, directory.Judge(node, incarnation, cancellation));
        if (isDead)
            LogDead(log, node, incarnation);
        return isDead;
    }

    public async ValueTask SetDraining(bool draining, CancellationToken cancellation) =>
        await failures.Watch(StorageWork.Directory, Done(directory.SetDraining(draining, cancellation)));

    public async ValueTask Leave(CancellationToken cancellation)
    {
        await failures.Watch(StorageWork.Directory, Done(directory.Leave(cancellation)));
        LogLeft(log, _self);
    }

    public ValueTask DisposeAsync() => directory is IAsyncDisposable disposable ? disposable.DisposeAsync() : default;

    private static async ValueTask<bool> Done(ValueTask call)
    {
        await call;
        return true;
    }

    /// <summary>Without its lease a node answers no durable publication, and its peers may take its shards.</summary>
    private void TellLate()
    {
        var age = clock.GetElapsedTime(_renewed);
        if (_isLate || !_hasJoined || age < ClusterOptions.DefaultLease)
            return;
        _isLate = true;
        LogLate(log, age.TotalSeconds);
    }

    private void TellGiven(IReadOnlyList<ShardRow> shards)
    {
        foreach (var given in shards.Where(row => row.Owner == _self && _owners.GetValueOrDefault(row.Shard) is { } before && before != _self)
            .GroupBy(row => _owners[row.Shard]!.Value))
        {
            LogWasGiven(log, given.Count(), given.Key);
        }

        foreach (var row in shards)
            _owners[row.Shard] = row.Owner;
    }

    private void TellNodes(IReadOnlyList<NodeRow> nodes)
    {
        var names = string.Join(", ", nodes.Select(node => node.Id.Value).Order(StringComparer.Ordinal));
        if (names == _nodes)
            return;
        _nodes = names;
        LogNodes(log, names);
    }

    [LoggerMessage(1701, LogLevel.Information, "Joined the cluster as {Node}, life {Incarnation}, at {Address}")]
    private static partial void LogJoined(ILogger log, NodeId node, long incarnation, string address);

    [LoggerMessage(1702, LogLevel.Information, "The nodes of the cluster: {Nodes}")]
    private static partial void LogNodes(ILogger log, string nodes);

    [LoggerMessage(1703, LogLevel.Information, "Took {Count} shards, {TakenOver} of them from nodes that died")]
    private static partial void LogClaimed(ILogger log, int count, int takenOver);

    [LoggerMessage(1704, LogLevel.Information, "Gave {Count} shards to {Target}")]
    private static partial void LogGiven(ILogger log, int count, NodeId target);

    [LoggerMessage(1705, LogLevel.Warning, "Node {Node}, life {Incarnation}, is dead and out of the cluster")]
    private static partial void LogDead(ILogger log, NodeId node, long incarnation);

    [LoggerMessage(1706, LogLevel.Error, "The cluster took {Node} for dead: its lease ran out before it was renewed")]
    private static partial void LogOut(ILogger log, NodeId node);

    [LoggerMessage(1707, LogLevel.Information, "Left the cluster, {Node}")]
    private static partial void LogLeft(ILogger log, NodeId node);

    [LoggerMessage(1709, LogLevel.Warning,
        "The lease ran out: it was not renewed for {Seconds:0.0} s. Until it is, durable rooms are refused here, and peers that reach the database may take the shards")]
    private static partial void LogLate(ILogger log, double seconds);

    [LoggerMessage(1710, LogLevel.Information, "The lease stands again, {Seconds:0.0} s after it was renewed last")]
    private static partial void LogStands(ILogger log, double seconds);

    [LoggerMessage(1711, LogLevel.Information, "Was given {Count} shards by {Node}")]
    private static partial void LogWasGiven(ILogger log, int count, NodeId node);
}
