using Akka.Actor;
using Akka.Event;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Nodes;

/// <summary>
/// Counts what reached nobody. A message told to an actor that has ended never sees that actor's mailbox: here it learns that it was not delivered.
/// </summary>
internal sealed class DeadLettersActor(HubSystem hub) : UntypedActor
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not DeadLetter dead)
            return;
        if (dead.Message is IRefusable refusable)
            refusable.Refuse(dead.Recipient, SenderOf(dead), Refusal.Stopped);
        else
            hub.OnDeadLetter(dead);
    }

    /// <summary>Akka.NET names its dead letters where a sender did not say who it is.</summary>
    private static IActorRef? SenderOf(DeadLetter dead) => dead.Sender == Context.System.DeadLetters ? ActorRefs.NoSender : dead.Sender;
}
