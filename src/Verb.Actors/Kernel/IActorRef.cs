namespace Verb.Actors.Kernel;

/// <summary>The address of one actor, whatever messages it takes. Two addresses are the same actor where the references are equal.</summary>
public interface IActorRef
{
    /// <summary>The names from the root down, such as <c>/rooms/lobby</c>: for logs and tests. Names need not be unique.</summary>
    string Path { get; }
}

/// <summary>The address of an actor that takes messages of one type. Every member may be called from any thread.</summary>
/// <typeparam name="TMessage">What the actor takes.</typeparam>
public interface IActorRef<in TMessage> : IActorRef
{
    /// <summary>
    /// Puts the message into the mailbox and returns at once. Where the mailbox is full or has ended, the message is told so
    /// (<see cref="IRefusable"/>) or becomes a counted dead letter. Messages of one sender arrive in the order they were told.
    /// </summary>
    void Tell(TMessage message);

    /// <summary>As <see cref="Tell"/>, but says what became of the message and never makes a dead letter of one it did not accept.</summary>
    TellResult TryTell(TMessage message);

    /// <summary>
    /// Puts messages into the mailbox in one go: the actor finds them together. Stops at the first that finds no place. How many were taken.
    /// </summary>
    int TryTellAll(IReadOnlyList<TMessage> messages);

    /// <summary>
    /// Waits for room, first come, first served; nobody overtakes who waits. Used at the edge, by socket readers, and never by an actor.
    /// Ends with <see cref="TellResult.Stopped"/> where the actor stops first.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the message was not delivered.</exception>
    ValueTask<TellResult> TellAsync(TMessage message, CancellationToken cancellation);
}
