using Verb.Actors.Kernel;

namespace Verb.Actors.Tests.Kernel;

/// <summary>An actor whose every handler is given by the test, which also keeps the log of what ran.</summary>
internal sealed class ScriptedActor<T> : Actor<T>
{
    public Func<IActorContext<T>, T, ValueTask>? Receive { get; init; }

    public Func<IActorContext<T>, ValueTask>? Start { get; init; }

    public Func<IActorContext<T>, ValueTask>? BatchEnd { get; init; }

    public Func<IActorContext<T>, IActorRef, ValueTask>? Terminated { get; init; }

    public Func<IActorContext<T>, ValueTask>? Stop { get; init; }

    public Action<IActorContext<T>, Exception>? Restart { get; init; }

    protected internal override ValueTask OnStart() => Start?.Invoke(Context) ?? default;

    protected internal override ValueTask OnReceive(T message) => Receive?.Invoke(Context, message) ?? default;

    protected internal override ValueTask OnBatchEnd() => BatchEnd?.Invoke(Context) ?? default;

    protected internal override ValueTask OnTerminated(IActorRef actor) => Terminated?.Invoke(Context, actor) ?? default;

    protected internal override ValueTask OnStop() => Stop?.Invoke(Context) ?? default;

    protected internal override void OnRestart(Exception cause) => Restart?.Invoke(Context, cause);
}
