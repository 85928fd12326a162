namespace Verb.Actors.Sharding;

/// <summary>Hears what happens to a node of a cluster: for logs and metrics. Calls come one after the other and must not block.</summary>
internal interface IClusterObserver
{
    /// <summary>The node is in the cluster.</summary>
    void Joined(long incarnation);

    /// <summary>The node was judged dead while it lived: it has dropped its shards and joins anew.</summary>
    void Expelled();

    /// <summary>A peer is proven dead.</summary>
    void PeerDied(NodeId peer);

    /// <summary>Shards were taken over, or handed to this node.</summary>
    void Took(int shards);

    /// <summary>Shards were handed to another node.</summary>
    void Gave(int shards, NodeId target);

    /// <summary>A write was refused because another node owns the shard.</summary>
    void FenceLost(int shard);

    /// <summary>The directory did not do what it was asked; it is asked again.</summary>
    void DirectoryFailed(Exception cause);
}
