namespace Verb.Actors.Sharding;

/// <summary>What a coordinator moves: the entities of a node, and those who look for entities elsewhere.</summary>
internal interface IShardHolder
{
    /// <summary>The node owns the shard with this term from now on.</summary>
    void Hold(int shard, long term);

    /// <summary>The node no longer owns the shard: its entities end at once.</summary>
    void Release(int shard);

    /// <summary>The node gives the shards away: their entities write what is under way, and end.</summary>
    void Retire(IReadOnlySet<int> shards);

    /// <summary>Whether an entity of the shards is still alive.</summary>
    bool AnyAlive(IReadOnlySet<int> shards);

    /// <summary>These shards are elsewhere than before: what was sent and not answered is sent again.</summary>
    void Moved(IReadOnlySet<int> shards);

    /// <summary>A node is dead, and everything that was on it.</summary>
    void NodeGone(NodeId node);
}
