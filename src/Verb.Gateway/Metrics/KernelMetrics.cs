using System.Diagnostics.Metrics;
using Verb.Actors.Kernel;

namespace Verb.Gateway.Metrics;

/// <summary>The actor kernel: actors, timers and dead letters. All but the last go back to their rest when the clients have gone.</summary>
internal sealed class KernelMetrics
{
    public KernelMetrics(IMeterFactory meters, ActorSystem system)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableUpDownCounter("verb.actors.alive", () => system.ActorCount, "{actor}", "Actors alive.");
        meter.CreateObservableUpDownCounter("verb.actors.timers", () => system.TimerCount, "{timer}", "Timers set.");
        meter.CreateObservableCounter("verb.actors.dead_letters", () => system.DeadLetterCount, "{message}", "Messages that could not be delivered.");
    }
}
