using Akka.Actor;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Regions;

/// <summary>
/// The place of one entity in its region: everything told to it goes through here, so that nothing is lost between one life of it and the next. While
/// none is alive what comes is held, as many as a mailbox takes.
/// </summary>
/// <param name="name">The entity's name in its region.</param>
/// <param name="bound">How much is held.</param>
/// <param name="refused">Counts what is not, and cannot refuse itself.</param>
internal abstract class EntitySlot(string name, int bound, RefusedMessages.Count refused)
{
    private SpinGate _gate;
    private IActorRef? _entity;
    private List<Envelope>? _held;
    private bool _isGone;
    private bool _isStarting;
    private bool _stopsAtOnce;

    /// <summary>What becomes of a message.</summary>
    public enum Fate
    {
        /// <summary>It is with the entity, or waits for it.</summary>
        Told,

        /// <summary>It waits, the first to do so: the region is to start the entity.</summary>
        First,

        /// <summary>The place is given up; the message belongs into a new one.</summary>
        Gone,
    }

    /// <summary>The entity's name in its region.</summary>
    public string Name { get; } = name;

    /// <summary>The entity while it is alive.</summary>
    public IActorRef? Entity => Volatile.Read(ref _entity);

    /// <summary>How the entity is made.</summary>
    public abstract Props Props { get; }

    public Fate Tell(object message, IActorRef? sender)
    {
        using (_gate.Enter())
        {
            if (_isGone)
                return Fate.Gone;
            if (_entity is not null)
            {
                _entity.Tell(message, sender);
                return Fate.Told;
            }

            if (_held is not null && (_held.Count < bound || message is IControlMessage))
            {
                _held.Add(new Envelope(message, sender));
                return Fate.Told;
            }

            if (_held is null)
            {
                _held = [new Envelope(message, sender)];
                return Fate.First;
            }
        }

        if (message is IRefusable refusable)
            refusable.Refuse(ActorRefs.Nobody, sender, Refusal.Busy);
        else
            refused.Add();
        return Fate.Told;
    }

    /// <summary>Tells the entity that lives, or is to be started for what waits already; where there is none, nothing is started for it.</summary>
    public void TellIfAlive(object message)
    {
        using (_gate.Enter())
        {
            if (_entity is not null)
                _entity.Tell(message, ActorRefs.NoSender);
            else
                _held?.Add(new Envelope(message, ActorRefs.NoSender));
        }
    }

    /// <summary>The region: an entity is made next.</summary>
    public void Start()
    {
        using (_gate.Enter())
            _isStarting = true;
    }

    /// <summary>The region: the entity lives from now on; false where it is to end at once, and what waits is for another.</summary>
    public bool Begin(IActorRef entity)
    {
        using (_gate.Enter())
        {
            _isStarting = false;
            if (_stopsAtOnce)
            {
                _stopsAtOnce = false;
                return false;
            }

            foreach (var held in _held ?? [])
                entity.Tell(held.Message, held.Sender);
            _held = null;
            _entity = entity;
            return true;
        }
    }

    /// <summary>The entity that is to end, where one is alive: what is told from now on is for the next one. One that is being made ends as it begins.</summary>
    public IActorRef? Stop()
    {
        using (_gate.Enter())
        {
            _stopsAtOnce = _isStarting;
            var entity = _entity;
            _entity = null;
            return entity;
        }
    }

    /// <summary>The entity, or whoever stops it: what is told from now on is for the next one.</summary>
    public void Leave(IActorRef entity)
    {
        using (_gate.Enter())
            Forget(entity);
    }

    /// <summary>As <see cref="Leave(IActorRef)"/>, where nothing waits for the entity; false, and it lives on, where something does.</summary>
    public bool TryLeave(IActorRef entity, IActorContext context)
    {
        using (_gate.Enter())
        {
            if (context.Waiting() > 0)
                return false;
            Forget(entity);
            return true;
        }
    }

    /// <summary>
    /// The region: the entity has ended. <see cref="Fate.First"/>: another is to be started; <see cref="Fate.Gone"/>: the place is given up;
    /// <see cref="Fate.Told"/>: another lives already.
    /// </summary>
    public Fate End(IActorRef entity)
    {
        using (_gate.Enter())
        {
            Forget(entity);
            _isGone = _held is null && _entity is null;
            return _isGone ? Fate.Gone : _entity is null ? Fate.First : Fate.Told;
        }
    }

    private void Forget(IActorRef entity)
    {
        if (entity.Equals(_entity))
            _entity = null;
    }
}

/// <inheritdoc/>
internal sealed class EntitySlot<TKey>(TKey key, string name, int bound, RefusedMessages.Count refused, Func<TKey, EntitySlot, Props> props)
    : EntitySlot(name, bound, refused)
{
    /// <summary>The entity's id.</summary>
    public TKey Key { get; } = key;

    /// <inheritdoc/>
    public override Props Props => props(Key, this);
}
