using System.Diagnostics.Metrics;
using Verb.Actors.Connections;
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
        AddressLimit addresses,
        HandshakeRate handshakes,
        CloseCounts closes)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableUpDownCounter("verb.connections.open", () => connections.Count, "{connection}", "Connections open now.");
        meter.CreateObservableCounter("verb.connections.accepted", () => capacity.Accepted, "{connection}", "Connections taken.");
        meter.CreateObservableCounter(
            "verb.connections.rejected",
            () => new[]
            {
                Rejected("capacity", capacity.Rejected),
                Rejected("address", addresses.Rejected),
                Rejected("handshake_rate", handshakes.Rejected),
            },
            "{connection}",
            "Connections turned away, by reason.");
        meter.CreateObservableCounter(
            "verb.connections.closed",
            () => closes.All.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>("code", (int)pair.Key))),
            "{connection}",
            "Connections ended, by close code.");
        meter.CreateObservableCounter(
            "verb.connections.too_slow", () => counters.TooSlow, "{connection}", "Connections closed with 4005: too slow for their send buffer.");
    }

    private static Measurement<long> Rejected(string reason, long count) => new(count, new KeyValuePair<string, object?>("reason", reason));
}
