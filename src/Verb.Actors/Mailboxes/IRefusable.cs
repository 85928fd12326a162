using Akka.Actor;

namespace Verb.Actors.Mailboxes;

/// <summary>A message that wants to know where it cannot be delivered; any other becomes a dead letter.</summary>
public interface IRefusable
{
    /// <summary>Called instead of the delivery, on any thread and within the sender's tell: it tells others at most, and never throws or blocks.</summary>
    /// <param name="receiver">Who did not take it.</param>
    /// <param name="sender">Who told it; <see cref="ActorRefs.NoSender"/> where it did not say.</param>
    /// <param name="reason">Why.</param>
    void Refuse(IActorRef receiver, IActorRef? sender, Refusal reason);
}
