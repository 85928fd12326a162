using Akka.Actor;

namespace Verb.Actors.Sharding;

/// <summary>
/// The way to entities that are alive on exactly one node each: rooms, topics, users. A routing reference, not a mailbox: the message goes
/// straight into the entity's, which is started where it is not alive, or onto the link to its owner.
/// </summary>
/// <typeparam name="TKey">The entity's id.</typeparam>
internal interface IShardRegion<in TKey>
{
    /// <summary>Where the entity is at this moment.</summary>
    ShardEntry Locate(TKey key) => ShardEntry.Alone;

    /// <summary>
    /// Tells the entity where <paramref name="at"/> says it is; one that has no room for the message refuses it to <paramref name="sender"/>. False: it cannot
    /// be reached, and nothing was sent; once its entry has another version it may be.
    /// </summary>
    bool Tell(TKey key, object message, ShardEntry at, IActorRef? sender = null);

    /// <summary>Tells the entity wherever it is.</summary>
    bool Tell(TKey key, object message, IActorRef? sender = null) => Tell(key, message, Locate(key), sender);
}
