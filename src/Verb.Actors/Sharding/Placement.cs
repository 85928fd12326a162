namespace Verb.Actors.Sharding;

/// <summary>
/// Which node ought to own a shard: rendezvous hashing. A node that comes or goes moves only the shards that it takes or had.
/// </summary>
internal static class Placement
{
    /// <summary>The node for a shard; null where there is none. The order of the nodes does not matter.</summary>
    public static NodeId? Of(int shard, IEnumerable<NodeId> nodes)
    {
        NodeId? best = null;
        var highest = 0UL;
        foreach (var node in nodes)
        {
            var score = StableHash.Add(StableHash.Of(node.Value), shard.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (best is { } current && (score < highest || (score == highest && string.CompareOrdinal(node.Value, current.Value) >= 0)))
                continue;
            (best, highest) = (node, score);
        }

        return best;
    }
}
