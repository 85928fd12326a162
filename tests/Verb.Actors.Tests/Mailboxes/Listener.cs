using Akka.Actor;

namespace Verb.Actors.Tests.Mailboxes;

/// <summary>An actor that does what a test says with whatever it is told, batch ends included.</summary>
internal sealed class Listener(Action<IUntypedActorContext, object> receive, Action<IUntypedActorContext>? start = null) : UntypedActor, IWithTimers
{
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => start?.Invoke(Context);

    protected override void OnReceive(object message) => receive(Context, message);
}
