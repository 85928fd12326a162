using System.Diagnostics.Metrics;
using Verb.Actors.Connections;
using Verb.Gateway.Handshake;
using Verb.Gateway.Hosting;
using Verb.Gateway.Limits;

namespace Verb.Gateway.Metrics;

/// <summary>Connections: how many there are, came, were turned away and ended, and with which close code.</summary>
internal sealed class ConnectionMetrics
{
    public ConnectionMetrics(
        IMeterFactory meters,
        ConnectionDirectory connections,
        ConnectionCounters counters,
        CapacityGate capacity,
        RefusalCounts refusals,
        CloseCounts closes)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableUpDownCounter("verb.connections.open", () => connections.Count, "{connection}", "Connections open now.");
        meter.CreateObservableCounter("verb.connections.accepted", () => capacity.Accepted, "{connection}", "Connections taken.");
        meter.CreateObservableCounter(
            "verb.connections.rejected",
            () => refusals.All.Append(KeyValuePair.Create("capacity", capacity.Rejected)).Select(pair => Labelled("reason", pair)),
            "{connection}",
            "Connections turned away, by reason.");
        meter.CreateObservableCounter(
            "verb.connections.closed",
            () => closes.All.Select(pair => Labelled("code", pair)),
            "{connection}",
            "Connections ended, by close code.");
        meter.CreateObservableCounter(
            "verb.connections.too_slow", () => counters.TooSlow, "{connection}", "Connections closed with 4005: too slow for their send buffer.");
    }

    private static Measurement<long> Labelled(string label, KeyValuePair<string, long> count) =>
        new(count.Value, new KeyValuePair<string, object?>(label, count.Key));
}
