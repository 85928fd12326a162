using System.Diagnostics.Metrics;
using Verb.Actors.Nodes;

namespace Verb.Gateway.Metrics;

/// <summary>Actors, their timers and dead letters. All but the last go back to their rest when the clients have gone.</summary>
internal sealed class ActorMetrics
{
    public ActorMetrics(IMeterFactory meters, HubNode node, HubSystem system)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableUpDownCounter("verb.actors.alive", () => node.ActorCount, "{actor}", "Actors alive.");
        meter.CreateObservableUpDownCounter("verb.actors.timers", () => system.Timers.Count, "{timer}", "Timers set.");
        meter.CreateObservableCounter("verb.actors.dead_letters", () => system.DeadLetterCount, "{message}", "Messages that could not be delivered.");
    }
}
