using Akka.Actor;

namespace Verb.TestKit.Worlds;

/// <summary>A message to tell at a time.</summary>
internal sealed class TellTimer(WorldProcess process, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable, long period = 0)
    : WorldTimer(process, period)
{
    protected override bool IsCancelled => cancelable is { IsCancellationRequested: true };

    protected override void Fire() => receiver.Tell(message, sender);
}
