using System.Diagnostics.Metrics;
using Verb.Gateway.Hosting;

namespace Verb.Gateway.Metrics;

/// <summary>The cluster as this node sees it: nodes, shards, links, takeovers and the lease. A node that is alone owns every shard.</summary>
internal sealed class ClusterMetrics
{
    public ClusterMetrics(IMeterFactory meters, HubHost host)
    {
        var (node, cluster) = (host.Node, host.Cluster);
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableUpDownCounter("verb.cluster.nodes", () => host.NodeNames.Count, "{node}", "Nodes of the cluster, this one among them.");
        meter.CreateObservableUpDownCounter("verb.cluster.shards", () => node.ShardCount, "{shard}", "Shards this node owns, of 256.");
        meter.CreateObservableUpDownCounter("verb.cluster.links", () => node.LinkCount, "{link}", "Links to other nodes that stand.");
        meter.CreateObservableCounter(
            "verb.cluster.takeovers", () => cluster?.Directory.Takeovers ?? 0, "{shard}", "Shards taken over from nodes that died.");
        meter.CreateObservableGauge("verb.cluster.lease_age", () => node.LeaseAge.TotalSeconds, "s", "How long ago the lease was renewed; it lasts for 3 s.");
        meter.CreateObservableCounter(
            "verb.cluster.link.messages",
            () => new[] { Of("in", cluster?.Traffic.MessagesIn ?? 0), Of("out", cluster?.Traffic.MessagesOut ?? 0) },
            "{message}",
            "Messages on links, by direction.");
        meter.CreateObservableCounter(
            "verb.cluster.link.size",
            () => new[] { Of("in", cluster?.Traffic.BytesIn ?? 0), Of("out", cluster?.Traffic.BytesOut ?? 0) },
            "By",
            "Bytes on links, by direction.");
        meter.CreateObservableCounter(
            "verb.cluster.link.drops", () => cluster?.Traffic.Dropped ?? 0, "{message}", "Messages dropped by links that were too far behind; what is numbered is pulled again.");
    }

    private static Measurement<long> Of(string direction, long count) => new(count, new KeyValuePair<string, object?>("direction", direction));
}
