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
            if (Placement.Of(shard, takers) is not { } target)
                continue;
            if (entry.State == ShardState.Unowned && (target == self || (entry.Owner == self && takers.Contains(self))))
            {
                // What stands under this node's name is an earlier life's: no other node may take it.
                claims.Add(new ShardRow(shard, entry.Owner, entry.Term));
            }
            else if (entry.State == ShardState.Held && target != self && linked.Contains(target))
            {
                if (!handOvers.TryGetValue(target, out var shards))
                    handOvers[target] = shards = [];
                shards.Add(shard);
            }
        }

        return new ShardPlan(claims, handOvers.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<int>)pair.Value));
    }
}
