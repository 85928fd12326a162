using Verb.Actors.Kernel;

namespace Verb.Actors.Sharding;

/// <summary>
/// The way to entities that are alive on exactly one node each: rooms, topics, users. A routing reference, not a mailbox: the message goes
/// straight into the entity's, which is started where it is not alive, or onto the link to its owner.
/// </summary>
/// <typeparam name="TKey">The entity's id.</typeparam>
/// <typeparam name="TMessage">What the entity takes.</typeparam>
internal interface IShardRegion<in TKey, in TMessage>
{
    /// <summary>Where the entity is at this moment.</summary>
    ShardEntry Locate(TKey key) => ShardEntry.Alone;

    /// <summary>
    /// Tells the entity where <paramref name="at"/> says it is. <see cref="TellResult.Full"/>: its mailbox is; nothing was taken.
    /// <see cref="TellResult.Stopped"/>: it cannot be reached, and nothing was sent; once its entry has another version it may be.
    /// </summary>
    TellResult Tell(TKey key, TMessage message, ShardEntry at);

    /// <summary>Tells the entity wherever it is.</summary>
    TellResult Tell(TKey key, TMessage message) => Tell(key, message, Locate(key));
}
