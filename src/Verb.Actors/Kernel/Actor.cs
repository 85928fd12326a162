namespace Verb.Actors.Kernel;

/// <summary>
/// State with one owner. Its members run one at a time, on no particular thread; where a returned task is incomplete nothing else of this
/// actor runs until it completes, and the mailbox fills meanwhile. An exception goes to the supervisor.
/// </summary>
/// <typeparam name="TMessage">What the actor takes.</typeparam>
public abstract class Actor<TMessage>
{
    /// <summary>The actor's surroundings: set before <see cref="OnStart"/>, not yet in the constructor.</summary>
    protected internal IActorContext<TMessage> Context { get; internal set; } = null!;

    /// <summary>Before the first message, on every new instance.</summary>
    protected internal virtual ValueTask OnStart() => default;

    /// <summary>One message.</summary>
    protected internal abstract ValueTask OnReceive(TMessage message);

    /// <summary>Once after every batch that ran anything of this actor, before it goes idle, yields its thread or stops: the place to flush.</summary>
    protected internal virtual ValueTask OnBatchEnd() => default;

    /// <summary>A watched actor has ended. It comes behind everything that actor had told this one.</summary>
    protected internal virtual ValueTask OnTerminated(IActorRef actor) => default;

    /// <summary>The last call on an instance, after the children have ended: on stopping, and on failure before a restart.</summary>
    protected internal virtual ValueTask OnStop() => default;

    /// <summary>On the fresh instance after a failure, before <see cref="OnStart"/>.</summary>
    protected internal virtual void OnRestart(Exception cause)
    {
    }
}
