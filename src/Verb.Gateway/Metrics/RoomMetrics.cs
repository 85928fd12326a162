using System.Diagnostics.Metrics;
using Verb.Actors.Nodes;

namespace Verb.Gateway.Metrics;

/// <summary>Rooms and topics: how many are alive, and what was too much for them.</summary>
internal sealed class RoomMetrics
{
    public RoomMetrics(IMeterFactory meters, HubNode node)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableUpDownCounter("verb.rooms.alive", () => node.RoomCount, "{room}", "Rooms in memory.");
        meter.CreateObservableCounter(
            "verb.rooms.drops", () => node.RelayDrops.Value, "{message}", "Typing, presence, room events and media that members were not told because this node was behind.");
        meter.CreateObservableUpDownCounter("verb.topics.alive", () => node.TopicCount, "{topic}", "Topics with a value.");
    }
}
