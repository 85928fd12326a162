using System.Diagnostics.Metrics;
using Verb.Gateway.Hosting;
using Verb.Gateway.Limits;

namespace Verb.Gateway.Metrics;

/// <summary>Every metric of the hub. All but the traffic of HTTP are read from counters that exist anyway: measuring costs nothing until asked.</summary>
internal sealed class HubMetrics
{
    private readonly object[] _areas;

    public HubMetrics(IMeterFactory meters, HubHost host, CapacityGate capacity)
    {
        var node = host.Node;
        _areas =
        [
            new ConnectionMetrics(meters, node.Connections, node.Counters, capacity, host.Refusals, host.Closes),
            new CommandMetrics(meters, node.Counters),
            new DeliveryMetrics(meters, node.Counters),
            new RoomMetrics(meters, node),
            new StoreMetrics(meters, host.StoreCounters),
            new ClusterMetrics(meters, host),
            new ActorMetrics(meters, host.Node, host.System),
            new ProcessMetrics(meters),
        ];
    }
}
