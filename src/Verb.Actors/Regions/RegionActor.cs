using Akka.Actor;

namespace Verb.Actors.Regions;

/// <summary>
/// The parent of a region's entities: starts them and hears of their ends. An entity is started only once its namesake is gone, so that there is one at
/// a time.
/// </summary>
/// <param name="ended">Told of a place that is given up.</param>
/// <param name="supervision">What becomes of an entity that fails.</param>
internal sealed class RegionActor(Action<EntitySlot> ended, SupervisorStrategy supervision) : UntypedActor
{
    private readonly Dictionary<IActorRef, EntitySlot> _slots = [];
    private readonly Dictionary<string, EntitySlot> _waiting = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => supervision;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EntitySlot slot when Context.Child(slot.Name).IsNobody():
                Start(slot);
                break;
            case EntitySlot slot:
                _waiting[slot.Name] = slot;
                break;
            case Terminated terminated:
                OnEnded(terminated.ActorRef);
                break;
        }
    }

    private void Start(EntitySlot slot)
    {
        slot.Start();
        var entity = Context.ActorOf(slot.Props, slot.Name);
        _slots[entity] = slot;
        Context.Watch(entity);
        if (!slot.Begin(entity))
            Context.Stop(entity);
    }

    private void OnEnded(IActorRef entity)
    {
        if (!_slots.Remove(entity, out var slot))
            return;
        _waiting.Remove(slot.Name, out var waiting);
        switch (slot.End(entity))
        {
            case EntitySlot.Fate.First:
                Start(slot);
                break;
            case EntitySlot.Fate.Gone:
                ended(slot);
                if (waiting is not null && waiting != slot)
                    Start(waiting);
                break;
        }
    }
}
