using Akka.Actor;
using Akka.Event;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Timing;

/// <summary>
/// A timer of an actor, and the message by which the actor hears that it is due: it passes a full mailbox, and stands in it at most once. One that was
/// cancelled while it waited there is no longer due.
/// </summary>
/// <param name="owner">Who is told.</param>
/// <param name="period">How often after the first time; zero where it fires once.</param>
internal sealed class SweptTimer(IActorRef owner, TimeSpan period = default) : IControlMessage, INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    private int _isQueued;

    /// <summary>How often it fires after the first time; zero where it fires once.</summary>
    public TimeSpan Period { get; } = period;

    /// <summary>Read and written on the owner's turn.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>The sweep's own: when, in what order among equals, and where in its heap (-1: not in it).</summary>
    public TimeSpan Due { get; set; }

    public long Order { get; set; }

    public int HeapIndex { get; set; } = -1;

    /// <summary>On the owner's turn: whether it counts.</summary>
    public bool Take()
    {
        Volatile.Write(ref _isQueued, 0);
        return !IsCancelled;
    }

    public void Fire()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
            owner.Tell(this, ActorRefs.NoSender);
    }
}
