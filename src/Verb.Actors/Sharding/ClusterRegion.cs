using Akka.Actor;
using Verb.Actors.Regions;

namespace Verb.Actors.Sharding;

/// <summary>A region whose entities live on several nodes, each where the table says its shard is.</summary>
/// <param name="local">The entities of this node.</param>
/// <param name="table">Where the shards are.</param>
/// <param name="links">The way to the other nodes.</param>
/// <param name="shardOf">An entity's shard.</param>
/// <param name="envelope">A message as it stands on a link, with the term by which its owner is known.</param>
internal sealed class ClusterRegion<TKey, TMessage>(
    LocalRegion<TKey> local, ShardTable table, INodeLinks links, Func<TKey, int> shardOf, Func<TKey, long, TMessage, NodeMessage> envelope)
    : IShardRegion<TKey>
    where TKey : notnull
{
    /// <inheritdoc/>
    public ShardEntry Locate(TKey key) => table[shardOf(key)];

    /// <inheritdoc/>
    public bool Tell(TKey key, object message, ShardEntry at, IActorRef? sender = null) => at.State switch
    {
        ShardState.Held => local.Tell(key, message, at, sender),
        ShardState.Elsewhere => links.Send(at.Owner!.Value, at.Session, envelope(key, at.Term, (TMessage)message)),
        _ => false,
    };
}
