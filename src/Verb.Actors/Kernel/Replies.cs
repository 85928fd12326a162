namespace Verb.Actors.Kernel;

/// <summary>Lets an actor be answered by message.</summary>
public static class Replies
{
    /// <summary>Answers arrive at the actor as they are.</summary>
    public static IReplyTo<TReply> AsReplyTo<TReply>(this IActorRef<TReply> actor) => new Told<TReply, TReply>(actor, reply => reply);

    /// <summary>Answers arrive at the actor as <paramref name="message"/> wraps them, on the answering thread.</summary>
    public static IReplyTo<TReply> AsReplyTo<TMessage, TReply>(this IActorRef<TMessage> actor, Func<TReply, TMessage> message) =>
        new Told<TMessage, TReply>(actor, message);

    private sealed class Told<TMessage, TReply>(IActorRef<TMessage> actor, Func<TReply, TMessage> message) : IReplyTo<TReply>
    {
        public void Reply(TReply reply) => actor.Tell(message(reply));
    }
}
