namespace Verb.Actors.Sharding;

/// <summary>
/// The one truth about who is a node of the cluster and who owns which shard. One instance serves one node; calls are made one after the other.
/// Every call may throw <see cref="Durability.StorageException"/>, and whether what it asked for was done is unknown then.
/// </summary>
internal interface IShardDirectory
{
    /// <summary>Enters the node, in place of an earlier life of the same node that is proven dead. Its lease begins.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="address">What peers dial, <c>host:port</c>.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The incarnation: grows with every life of every node.</returns>
    /// <exception cref="ClusterRefusedException">The cluster does not take this node: one line says why.</exception>
    ValueTask<long> Join(NodeId node, string address, CancellationToken cancellation);

    /// <summary>Renews the lease and reads the whole; null where this incarnation is no longer a node: it was judged dead.</summary>
    ValueTask<DirectoryView?> Renew(CancellationToken cancellation);

    /// <summary>Takes shards whose owner is dead, or who have none, each only if its term is still the one seen.</summary>
    /// <returns>Those taken, with their new terms; empty where this incarnation is no longer a node.</returns>
    ValueTask<IReadOnlyList<ShardRow>> Claim(IReadOnlyList<ShardRow> seen, CancellationToken cancellation);

    /// <summary>Gives shards that this node holds to another node, each with a new term and only if held with the term given.</summary>
    /// <returns>Those given, with their new terms.</returns>
    ValueTask<IReadOnlyList<ShardRow>> HandOver(IReadOnlyList<ShardRow> held, NodeId target, CancellationToken cancellation);

    /// <summary>
    /// Looks for proof that a peer is dead: its lock is free, or its lease has expired by the database's clock. Where there is proof the peer
    /// is removed, what it left open in the database is ended, and nothing it does afterwards counts.
    /// </summary>
    ValueTask<bool> Judge(NodeId node, long incarnation, CancellationToken cancellation);

    /// <summary>Says whether this node gives its shards away and takes none.</summary>
    ValueTask SetDraining(bool draining, CancellationToken cancellation);

    /// <summary>Takes the node out; it holds nothing any more.</summary>
    ValueTask Leave(CancellationToken cancellation);
}
