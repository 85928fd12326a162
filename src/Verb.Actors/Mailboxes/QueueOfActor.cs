using Akka.Actor;

namespace Verb.Actors.Mailboxes;

/// <summary>What an actor can learn of its own mailbox on its turn.</summary>
internal static class QueueOfActor
{
    /// <summary>How many messages wait behind the current one; some that come at this moment may be left out.</summary>
    public static int Waiting(this IActorContext context) => ((ActorCell)context).NumberOfMessages;

    /// <summary>Lets more messages wait, or fewer; those that wait already stay.</summary>
    public static void SetMailboxBound(this IActorContext context, int bound) => ((IBatchingQueue)((ActorCell)context).Mailbox!.MessageQueue).Bound = bound;
}
