using Verb.Actors.Sharding;

namespace Verb.TestKit.Simulation;

/// <summary>A node's way to the tables of nodes and shards.</summary>
internal sealed class SimDirectory(SimDatabase database, SimProcess process) : IShardDirectory
{
    private NodeId _self;
    private long _incarnation;

    /// <inheritdoc/>
    public async ValueTask<long> Join(NodeId node, string address, CancellationToken cancellation)
    {
        _self = node;
        return _incarnation = await database.Call(process, "join", () => database.Enter(process, node, address), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<DirectoryView?> Renew(CancellationToken cancellation) =>
        await database.Call(process, "renew", () => database.Renew(process, _self, _incarnation), cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardRow>> Claim(IReadOnlyList<ShardRow> seen, CancellationToken cancellation) =>
        await database.Exclusive(process, "claim", seen.Select(row => row.Shard), () => database.Claim(_self, _incarnation, seen), cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardRow>> HandOver(IReadOnlyList<ShardRow> held, NodeId target, CancellationToken cancellation) =>
        await database.Exclusive(
            process, "hand over", held.Select(row => row.Shard), () => database.HandOver(_self, _incarnation, held, target), cancellation);

    /// <inheritdoc/>
    public async ValueTask<bool> Judge(NodeId node, long incarnation, CancellationToken cancellation) =>
        await database.Call(process, "judge", () => database.Judge(node, incarnation), cancellation);

    /// <inheritdoc/>
    public async ValueTask SetDraining(bool draining, CancellationToken cancellation) =>
        await database.Call(process, "set draining", () => database.SetDraining(_self, _incarnation, draining), cancellation);

    /// <inheritdoc/>
    public async ValueTask Leave(CancellationToken cancellation) =>
        await database.Call(process, "leave", () => database.Leave(_self, _incarnation), cancellation);
}
