using Akka.Actor;
using Akka.Dispatch;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Regions;

/// <summary>An actor of a region: it goes to sleep, ends and fails without losing what it is told meanwhile.</summary>
/// <param name="slot">Its place in the region.</param>
internal abstract class EntityActor(EntitySlot slot) : UntypedActor, IRequiresMessageQueue<IBatchingQueue>
{
    private bool _isRestarting;

    /// <summary>Whether something waits with the entity itself.</summary>
    protected virtual bool IsHolding => false;

    /// <summary>Ends the entity if nothing waits for it, otherwise does nothing. What is told afterwards is for its next life.</summary>
    protected bool TryPassivate()
    {
        if (IsHolding || !slot.TryLeave(Self, Context))
            return false;
        Context.Stop(Self);
        return true;
    }

    /// <summary>Ends the entity after the current message; what waits for it is refused, what is told afterwards is for its next life.</summary>
    protected void Stop()
    {
        slot.Leave(Self);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        _isRestarting = true;
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (!_isRestarting)
            slot.Leave(Self);
    }
}
