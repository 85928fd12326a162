using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Nodes.Cluster;

/// <summary>What the directory of all nodes says.</summary>
internal sealed class DirectoryTruth
{
    private long _incarnations;

    public List<NodeRow> Nodes { get; } = [];

    public ShardRow[] Rows { get; } = [.. Enumerable.Range(0, Shards.Count).Select(shard => new ShardRow(shard, null, 0))];

    public long Join(NodeId node, string address)
    {
        Nodes.Add(new NodeRow(node, ++_incarnations, address, Draining: false, Expired: false));
        return _incarnations;
    }

    /// <summary>Gives a shard to a node, under the next term.</summary>
    public ShardRow Give(int shard, NodeId owner) => Rows[shard] = new ShardRow(shard, owner, Rows[shard].Term + 1);
}

/// <summary>One node's way to the directory: it answers at once, and nobody's lease runs out.</summary>
internal sealed class FakeDirectory(DirectoryTruth truth) : IShardDirectory
{
    private NodeId _self;

    public ValueTask<long> Join(NodeId node, string address, CancellationToken cancellation)
    {
        _self = node;
        return new(truth.Join(node, address));
    }

    public ValueTask<DirectoryView?> Renew(CancellationToken cancellation) => new(new DirectoryView([.. truth.Nodes], [.. truth.Rows]));

    public ValueTask<IReadOnlyList<ShardRow>> Claim(IReadOnlyList<ShardRow> seen, CancellationToken cancellation) =>
        new([.. seen.Where(MayClaim).Select(row => truth.Give(row.Shard, _self))]);

    public ValueTask<IReadOnlyList<ShardRow>> HandOver(IReadOnlyList<ShardRow> held, NodeId target, CancellationToken cancellation) =>
        new([.. held.Select(row => truth.Give(row.Shard, target))]);

    public ValueTask<bool> Judge(NodeId node, long incarnation, CancellationToken cancellation) => new(truth.Nodes.All(row => row.Id != node));

    public ValueTask SetDraining(bool draining, CancellationToken cancellation) => default;

    public ValueTask Leave(CancellationToken cancellation) => default;

    private bool MayClaim(ShardRow seen)
    {
        var row = truth.Rows[seen.Shard];
        return row.Term == seen.Term && (row.Owner is null || row.Owner == _self || truth.Nodes.All(node => node.Id != row.Owner));
    }
}
