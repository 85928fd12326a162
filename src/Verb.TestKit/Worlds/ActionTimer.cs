using Akka.Actor;

namespace Verb.TestKit.Worlds;

/// <summary>Code to run at a time.</summary>
internal sealed class ActionTimer(WorldProcess? process, Action action, ICancelable? cancelable = null, long period = 0) : WorldTimer(process, period)
{
    protected override bool IsCancelled => cancelable is { IsCancellationRequested: true };

    protected override void Fire() => action();
}
