namespace Verb.Actors.Sharding;

/// <summary>The directory as it was when it was read.</summary>
/// <param name="Nodes">The nodes in the cluster, also those whose lease has run out but who were not judged yet.</param>
/// <param name="Shards">All shards, by number.</param>
internal sealed record DirectoryView(IReadOnlyList<NodeRow> Nodes, IReadOnlyList<ShardRow> Shards);

/// <summary>A node of the cluster.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Incarnation">Which life of it.</param>
/// <param name="Address">What peers dial, <c>host:port</c>.</param>
/// <param name="Draining">Whether it gives its shards away.</param>
/// <param name="Expired">Whether its lease has run out.</param>
internal sealed record NodeRow(NodeId Id, long Incarnation, string Address, bool Draining, bool Expired);

/// <summary>A shard's owner.</summary>
/// <param name="Shard">Which shard, from 0.</param>
/// <param name="Owner">The node; null where it never had one. It may be dead.</param>
/// <param name="Term">Grows with every change of owner.</param>
internal readonly record struct ShardRow(int Shard, NodeId? Owner, long Term);
