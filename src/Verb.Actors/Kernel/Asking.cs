namespace Verb.Actors.Kernel;

/// <summary>Asking an actor from outside; actors themselves tell.</summary>
public static class Asking
{
    /// <summary>
    /// Tells the actor a message that carries where to answer, and gives the answer. A late answer is ignored. Continuations of the task never
    /// run on the answering actor's turn.
    /// </summary>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="ActorBusyException">The mailbox is full, or the message was refused for that.</exception>
    /// <exception cref="ActorStoppedException">The actor has stopped, or the message was refused for that.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<TReply> Ask<TMessage, TReply>(
        this IActorRef<TMessage> actor,
        Func<IReplyTo<TReply>, TMessage> message,
        TimeSpan timeout,
        TimeProvider clock,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        var promise = new Promise<TReply>(actor.Path);
        switch (actor.TryTell(message(promise)))
        {
            case TellResult.Full:
                promise.Refuse(Refusal.Busy);
                break;
            case TellResult.Stopped:
                promise.Refuse(Refusal.Stopped);
                break;
            default:
                promise.EndAfter(timeout, clock, cancellation);
                break;
        }

        return promise.Task;
    }
}
