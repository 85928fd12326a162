namespace Verb.Actors.Sharding;

/// <summary>
/// What a node has to do next so that every shard comes to be where it belongs. Pure: it looks at the directory as it was read, at what the node
/// knows of the shards, and at whom it is linked to.
/// </summary>
/// <param name="Claims">Shards to take: they belong here and nobody who lives owns them.</param>
/// <param name="HandOvers">Shards to give, by the node they belong to.</param>
internal sealed record ShardPlan(IReadOnlyList<ShardRow> Claims, IReadOnlyDictionary<NodeId, IReadOnlyList<int>> HandOvers)
{
    /// <summary>The plan of <paramref name="self"/>.</summary>
    public static ShardPlan Of(NodeId self, IReadOnlyList<NodeRow> nodes, ShardTable table, IReadOnlySet<NodeId> linked)
    {
        // Where every node gives its shards away, they stay where they are rather than nowhere.
        NodeId[] takers = [.. nodes.Where(node => !node.Draining).Select(node => node.Id)];
        var claims = new List<ShardRow>();
        var handOvers = new Dictionary<NodeId, List<int>>();
        for (var shard = 0; shard < Shards.Count; shard++)
        {
            var entry = table[shard];
            var target = Placement.Of(shard, takers);
            if (entry.State == ShardState.Unowned && (target == self || entry.Owner == self))
            {
                // What stands under this node's own name no other node may take, be it only to be given away.
                claims.Add(new ShardRow(shard, entry.Owner, entry.Term));
            }
            else if (entry.State == ShardState.Held && target is { } other && other != self && linked.Contains(other))
            {
                if (!handOvers.TryGetValue(other, out var shards))
                    handOvers[other] = shards = [];
                shards.Add(shard);
            }
        }

        return new ShardPlan(claims, handOvers.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<int>)pair.Value));
    }
}
