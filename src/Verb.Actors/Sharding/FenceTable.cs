using System.Collections.Concurrent;

namespace Verb.Actors.Sharding;

/// <summary>The highest term seen of every shard, for stores that are not shared between processes.</summary>
internal sealed class FenceTable
{
    private readonly ConcurrentDictionary<int, long> _terms = new();

    /// <summary>Whether the fence holds; raises the shard's term to it.</summary>
    public bool Holds(Fence fence) =>
        _terms.AddOrUpdate(fence.Shard, fence.Term, (_, seen) => Math.Max(seen, fence.Term)) == fence.Term;
}
