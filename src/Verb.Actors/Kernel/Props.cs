namespace Verb.Actors.Kernel;

/// <summary>How to make an actor.</summary>
/// <typeparam name="TMessage">What the actor takes.</typeparam>
/// <param name="Factory">Makes a new instance, at the start and at each restart, on the actor's own turn.</param>
public sealed record Props<TMessage>(Func<Actor<TMessage>> Factory)
{
    /// <summary>The mailbox's limits.</summary>
    public MailboxOptions Mailbox { get; init; } = MailboxOptions.Default;

    /// <summary>How this actor treats failing children. Default: restart, at most 10 times in a minute.</summary>
    public SupervisorStrategy Supervisor { get; init; } = SupervisorStrategy.Default;

    /// <summary>Called with each message that finds the mailbox full, on the teller's thread; not where somebody waits for room.</summary>
    internal Action? Full { get; init; }

    /// <summary>Called once the actor has ended, on its last turn.</summary>
    internal Action<IActorRef<TMessage>>? Ended { get; init; }
}
