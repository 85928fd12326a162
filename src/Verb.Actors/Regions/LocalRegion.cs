using System.Collections.Concurrent;
using Akka.Actor;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;

namespace Verb.Actors.Regions;

/// <summary>
/// A region whose entities all live on this node. An entity that ends takes nothing with it that is told afterwards: a fresh one takes it, and nothing
/// is lost in between. Safe for concurrent use; one sender's messages arrive in their order.
/// </summary>
/// <typeparam name="TKey">The entity's id; its text is the entity's name.</typeparam>
internal sealed class LocalRegion<TKey> : IShardRegion<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, EntitySlot<TKey>> _slots = new();
    private readonly Func<TKey, EntitySlot<TKey>> _make;
    private readonly IActorRef _parent;
    private readonly bool _inOrder;

    /// <summary>Starts a region without entities.</summary>
    /// <param name="hub">Where the entities live.</param>
    /// <param name="name">The region's name: <c>rooms</c>, <c>topics</c>, <c>users</c>.</param>
    /// <param name="mailbox">What the entities' mailboxes are called in the configuration.</param>
    /// <param name="make">How an entity is made.</param>
    /// <param name="inOrder">Whether what concerns many is told them in the order of their names: see <see cref="NodeOptions.InOrder"/>.</param>
    public LocalRegion(HubSystem hub, string name, string mailbox, Func<TKey, EntitySlot, EntityActor> make, bool inOrder = false)
    {
        _inOrder = inOrder;
        var bound = hub.MailboxCapacity(mailbox);
        var refused = hub.Refused(mailbox);
        Func<TKey, EntitySlot, Props> props = (key, slot) => HubSystem.Props(() => make(key, slot), mailbox);
        _make = key => new EntitySlot<TKey>(key, Uri.EscapeDataString(key.ToString()!), bound, refused, props);
        _parent = hub.Actors.ActorOf(HubSystem.Props(() => new RegionActor(Forget, hub.Restart)), name);
    }

    /// <summary>How many entities are alive.</summary>
    public int Count => _slots.Count;

    /// <summary>The ids of the entities.</summary>
    public IEnumerable<TKey> Keys => _slots.Keys;

    /// <inheritdoc/>
    public bool Tell(TKey key, object message, ShardEntry at, IActorRef? sender = null)
    {
        while (true)
        {
            var slot = _slots.GetOrAdd(key, static (k, make) => make(k), _make);
            switch (slot.Tell(message, sender))
            {
                case EntitySlot.Fate.First:
                    _parent.Tell(slot, ActorRefs.NoSender);
                    return true;
                case EntitySlot.Fate.Told:
                    return true;
            }

            _slots.TryRemove(new(key, slot));
        }
    }

    /// <summary>Tells the entity.</summary>
    public void Tell(TKey key, object message, IActorRef? sender = null) => Tell(key, message, ShardEntry.Alone, sender);

    /// <summary>The entity, or null where it is not alive; it may have ended all the same.</summary>
    public IActorRef? Find(TKey key) => _slots.TryGetValue(key, out var slot) ? slot.Entity : null;

    /// <summary>Tells the entity only if it is alive.</summary>
    public void TellIfAlive(TKey key, object message)
    {
        if (_slots.TryGetValue(key, out var slot))
            slot.TellIfAlive(message);
    }

    /// <summary>Tells the entities that are alive.</summary>
    public void TellAll(Func<TKey, bool> which, object message)
    {
        foreach (var slot in Those(which))
            slot.TellIfAlive(message);
    }

    /// <summary>Whether one of the entities is alive.</summary>
    public bool AnyAlive(Func<TKey, bool> which) => _slots.Any(pair => which(pair.Key));

    /// <summary>Stops entities: what comes afterwards starts others.</summary>
    public void StopAll(Func<TKey, bool> which)
    {
        foreach (var slot in Those(which))
        {
            if (slot.Stop() is { } entity)
                ((IInternalActorRef)entity).Stop();
        }
    }

    private IEnumerable<EntitySlot<TKey>> Those(Func<TKey, bool> which)
    {
        var those = _slots.Values.Where(slot => which(slot.Key));
        return _inOrder ? those.OrderBy(slot => slot.Name, StringComparer.Ordinal) : those;
    }

    private void Forget(EntitySlot slot) => _slots.TryRemove(new(((EntitySlot<TKey>)slot).Key, (EntitySlot<TKey>)slot));
}
