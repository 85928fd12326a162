using System.Diagnostics.Metrics;
using Verb.Actors.Connections;

namespace Verb.Gateway.Metrics;

/// <summary>Delivery: what was written to sockets, and what slow ones were spared.</summary>
internal sealed class DeliveryMetrics
{
    public DeliveryMetrics(IMeterFactory meters, ConnectionCounters counters)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableCounter("verb.delivery.messages", () => counters.Written, "{message}", "Messages written to sockets.");
        meter.CreateObservableCounter("verb.delivery.size", () => counters.WrittenBytes, "By", "Bytes of messages written to sockets, before compression.");
        meter.CreateObservableCounter(
            "verb.delivery.shed", () => counters.Shed, "{message}", "Messages conflated, dropped or left to replay because a client reads too slowly.");
    }
}
