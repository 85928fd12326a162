namespace Verb.Actors.Sharding;

/// <summary>What a coordinator moves: the entities of a node, and those who look for entities elsewhere.</summary>
internal interface IShardHolder
{
    /// <summary>The node owns these shards with these terms from now on.</summary>
    void Hold(IReadOnlyList<ShardRow> shards);

    /// <summary>The node no longer owns the shards: their entities end at once.</summary>
    void Release(IReadOnlySet<int> shards);

    /// <summary>The node gives the shards away: their entities write what is under way, and end.</summary>
    void Retire(IReadOnlySet<int> shards);

    /// <summary>Whether an entity of the shards is still alive.</summary>
    bool AnyAlive(IReadOnlySet<int> shards);

    /// <summary>These shards are elsewhere than before: what was sent and not answered is sent again.</summary>
    void Moved(IReadOnlySet<int> shards);

    /// <summary>A node is dead, and everything that was on it.</summary>
    void NodeGone(NodeId node);
}
