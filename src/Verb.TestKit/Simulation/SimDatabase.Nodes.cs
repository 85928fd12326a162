using Verb.Actors.Sharding;

namespace Verb.TestKit.Simulation;

/// <summary>The tables of nodes and shards. Everything here happens at one moment.</summary>
internal sealed partial class SimDatabase
{
    private readonly SortedDictionary<string, SimNodeRow> _nodes = new(StringComparer.Ordinal);
    private readonly ShardRow[] _shards = [.. Enumerable.Range(0, Shards.Count).Select(shard => new ShardRow(shard, null, 0))];
    private long _incarnations;
    private long _judgesFrom;

    /// <summary>How long a lease lasts.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a shard got another owner.</summary>
    public long OwnerChanges { get; private set; }

    /// <summary>The nodes there are.</summary>
    public IEnumerable<string> Nodes => _nodes.Keys;

    /// <summary>The shard's row.</summary>
    public ShardRow Shard(int shard) => _shards[shard];

    internal long Enter(SimProcess process, NodeId id, string address)
    {
        if (_nodes.TryGetValue(id.Value, out var row) && !IsProvenDead(row))
            throw new ClusterRefusedException($"Node '{id}' is in the cluster already.");
        Remove(id);
        _nodes[id.Value] = new SimNodeRow(id, ++_incarnations, address) { Expires = world.Now + Lease.Ticks, Holder = process };
        return _incarnations;
    }

    internal DirectoryView? Renew(SimProcess process, NodeId id, long incarnation)
    {
        if (Find(id, incarnation) is not { } row)
            return null;
        row.Expires = world.Now + Lease.Ticks;
        row.Holder = process;
        return new DirectoryView(
            [.. _nodes.Values.Select(node => new NodeRow(node.Id, node.Incarnation, node.Address, node.IsDraining, HasExpired(node)))],
            (ShardRow[])_shards.Clone());
    }

    internal IReadOnlyList<ShardRow> Claim(NodeId id, long incarnation, IReadOnlyList<ShardRow> seen)
    {
        if (Find(id, incarnation) is not { } me || HasExpired(me))
            return [];
        List<ShardRow> taken = [];
        foreach (var wanted in seen)
        {
            var shard = _shards[wanted.Shard];
            var isFree = shard.Owner is not { } owner || owner == id || !_nodes.ContainsKey(owner.Value) || Plants.ClaimsFromTheLiving;
            if (isFree && shard.Term == wanted.Term)
                taken.Add(Give(shard, id));
        }

        return taken;
    }

    internal IReadOnlyList<ShardRow> HandOver(NodeId id, long incarnation, IReadOnlyList<ShardRow> held, NodeId target)
    {
        if (Find(id, incarnation) is null || !_nodes.TryGetValue(target.Value, out var taker) || HasExpired(taker))
            return [];
        return [.. held.Where(row => _shards[row.Shard].Owner == id && _shards[row.Shard].Term == row.Term).Select(row => Give(_shards[row.Shard], target))];
    }

    internal bool Judge(NodeId id, long incarnation)
    {
        if (Find(id, incarnation) is not { } row)
            return true;
        if (!IsProvenDead(row))
            return false;
        Remove(id);
        return true;
    }

    internal bool SetDraining(NodeId id, long incarnation, bool draining)
    {
        if (Find(id, incarnation) is { } row)
            row.IsDraining = draining;
        return true;
    }

    internal bool Leave(NodeId id, long incarnation)
    {
        if (Find(id, incarnation) is not null)
            _nodes.Remove(id.Value);
        return true;
    }

    internal bool Holds(NodeId node, Fence fence) =>
        !Plants.Fences || (_shards[fence.Shard].Term == fence.Term && _shards[fence.Shard].Owner == node);

    private ShardRow Give(ShardRow shard, NodeId owner)
    {
        OwnerChanges++;
        return _shards[shard.Shard] = new ShardRow(shard.Shard, owner, Plants.RaisesTerms ? shard.Term + 1 : Math.Max(1, shard.Term));
    }

    private SimNodeRow? Find(NodeId id, long incarnation) =>
        _nodes.TryGetValue(id.Value, out var row) && row.Incarnation == incarnation ? row : null;

    private bool HasExpired(SimNodeRow row) => row.Expires <= world.Now && Plants.LeasesExpire;

    private bool IsProvenDead(SimNodeRow row) =>
        world.Now >= _judgesFrom && (HasExpired(row) || (row.Holder is null or { IsKilled: true } && Plants.LocksAreFreed));

    /// <summary>The node's own connections are cut: what it left open is rolled back.</summary>
    private void Remove(NodeId id)
    {
        if (!_nodes.Remove(id.Value, out var row) || !Plants.EndsWhatIsOpen)
            return;
        foreach (var transaction in _open.Where(transaction => transaction.Caller.Name == row.Id.Value).ToArray())
            End(transaction, commit: false, isHeard: false);
    }

    private sealed record SimNodeRow(NodeId Id, long Incarnation, string Address)
    {
        public long Expires { get; set; }

        public bool IsDraining { get; set; }

        /// <summary>The process that holds the node's lock; null where the database lost its sessions.</summary>
        public SimProcess? Holder { get; set; }
    }
}
