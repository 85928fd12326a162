namespace Verb.Actors.Kernel;

/// <summary>What an actor can do besides handling messages. To be used on the actor's own turn only.</summary>
/// <typeparam name="TMessage">What the actor takes.</typeparam>
public interface IActorContext<TMessage>
{
    /// <summary>This actor's address.</summary>
    IActorRef<TMessage> Self { get; }

    /// <summary>The system this actor lives in.</summary>
    ActorSystem System { get; }

    /// <summary>The system's clock.</summary>
    TimeProvider Clock { get; }

    /// <summary>The system's source of randomness.</summary>
    Random Random { get; }

    /// <summary>How many messages wait in this actor's mailbox behind the current one; some that come at this moment may be left out.</summary>
    int Waiting { get; }

    /// <summary>Starts a child. This actor's <see cref="Props{TMessage}.Supervisor"/> judges its failures, and it ends before this actor does.</summary>
    /// <exception cref="InvalidOperationException">This actor is stopping.</exception>
    IActorRef<T> Spawn<T>(Props<T> props, string name);

    /// <summary>Asks for <see cref="Actor{TMessage}.OnTerminated"/>, once, when the actor has ended; at once where it has ended already.</summary>
    /// <exception cref="ArgumentException">Not an actor of this kernel.</exception>
    void Watch(IActorRef actor);

    /// <summary>Takes the request back: the notice does not come even if it is already under way.</summary>
    void Unwatch(IActorRef actor);

    /// <summary>
    /// Sends this actor the message after <paramref name="due"/>, then every <paramref name="period"/> where one is given. The same key replaces,
    /// and a timer that was cancelled or replaced does not fire even if its message is already queued. The message passes a full mailbox, and
    /// there is at most one of a timer in it. A restart cancels all timers.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative time, or a period that is not positive.</exception>
    void StartTimer(object key, TMessage message, TimeSpan due, TimeSpan? period = null);

    /// <summary>Ends a timer; one that is not running is no mistake.</summary>
    void CancelTimer(object key);

    /// <summary>
    /// Sends this actor the message each time it was told nothing for that long (its own timers do not count);
    /// <see cref="Timeout.InfiniteTimeSpan"/> turns it off. A restart turns it off, too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive and not infinite.</exception>
    void SetReceiveTimeout(TimeSpan timeout, TMessage message);

    /// <summary>
    /// Turns the task's result into a message to this actor, which passes a full mailbox. The functions run where the task completes,
    /// outside the actor's turn, so they touch none of its state.
    /// </summary>
    void PipeToSelf<T>(ValueTask<T> task, Func<T, TMessage> success, Func<Exception, TMessage> failure);

    /// <summary>Ends this actor after the current message; what is still in its mailbox is refused.</summary>
    void Stop();

    /// <summary>
    /// Ends this actor if nothing waits in its mailbox, otherwise does nothing. After <c>true</c> every tell is answered with
    /// <see cref="TellResult.Stopped"/>; no message is lost between the look and the end.
    /// </summary>
    bool TryPassivate();
}
