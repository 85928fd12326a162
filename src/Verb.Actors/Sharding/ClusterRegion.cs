using Verb.Actors.Kernel;

namespace Verb.Actors.Sharding;

/// <summary>A region whose entities live on several nodes, each where the table says its shard is.</summary>
/// <param name="local">The entities of this node.</param>
/// <param name="table">Where the shards are.</param>
/// <param name="links">The way to the other nodes.</param>
/// <param name="shardOf">An entity's shard.</param>
/// <param name="envelope">A message as it stands on a link, with the term by which its owner is known.</param>
internal sealed class ClusterRegion<TKey, TMessage>(
    LocalRegion<TKey, TMessage> local, ShardTable table, INodeLinks links, Func<TKey, int> shardOf, Func<TKey, long, TMessage, NodeMessage> envelope)
    : IShardRegion<TKey, TMessage>
    where TKey : notnull
{
    /// <inheritdoc/>
    public ShardEntry Locate(TKey key) => table[shardOf(key)];

    /// <inheritdoc/>
    public TellResult Tell(TKey key, TMessage message, ShardEntry at) => at.State switch
    {
        ShardState.Held => local.Tell(key, message),
        ShardState.Elsewhere when links.Send(at.Owner!.Value, at.Session, envelope(key, at.Term, message)) => TellResult.Accepted,
        _ => TellResult.Stopped,
    };
}
