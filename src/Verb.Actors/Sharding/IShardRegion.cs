using Verb.Actors.Kernel;

namespace Verb.Actors.Sharding;

/// <summary>
/// The way to entities that are alive on exactly one node each: rooms, topics, users. A routing reference, not a mailbox: the message goes
/// straight into the entity's, which is started where it is not alive.
/// </summary>
/// <typeparam name="TKey">The entity's id.</typeparam>
/// <typeparam name="TMessage">What the entity takes.</typeparam>
internal interface IShardRegion<in TKey, in TMessage>
{
    /// <summary>Tells the entity. <see cref="TellResult.Full"/>: its mailbox is; nothing was taken.</summary>
    TellResult Tell(TKey key, TMessage message);
}
