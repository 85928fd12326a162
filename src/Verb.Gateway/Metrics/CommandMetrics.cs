using System.Diagnostics.Metrics;
using Verb.Actors.Connections;

namespace Verb.Gateway.Metrics;

/// <summary>Commands: how many were taken and refused.</summary>
internal sealed class CommandMetrics
{
    public CommandMetrics(IMeterFactory meters, ConnectionCounters counters)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableCounter("verb.commands.taken", () => counters.Commands, "{command}", "Commands taken.");
        meter.CreateObservableCounter("verb.commands.refused", () => counters.Refused, "{command}", "Commands refused, malformed frames included.");
    }
}
