using System.Globalization;
using Verb.Actors.Sharding;

namespace Verb.Cluster.Directory;

/// <summary>Why a cluster does not take a node.</summary>
internal static class Admission
{
    /// <summary>The machine's clock against the database's, which was read between the two moments given.</summary>
    public static void Clock(DateTimeOffset before, DateTimeOffset database, DateTimeOffset after, TimeSpan tolerance)
    {
        var off = database < before ? before - database : database > after ? after - database : TimeSpan.Zero;
        if (off.Duration() > tolerance)
        {
            throw new ClusterRefusedException(string.Create(CultureInfo.InvariantCulture,
                $"This machine's clock is {off.Duration().TotalSeconds:0.0} s {(off > TimeSpan.Zero ? "ahead of" : "behind")} the database's; at most {tolerance.TotalSeconds:0.#} s is allowed: synchronize both."));
        }
    }

    /// <summary>The cluster's name against the one in the database.</summary>
    public static void Cluster(string own, string found)
    {
        if (own != found)
            throw new ClusterRefusedException($"The database belongs to the cluster '{found}', not to '{own}'; set Verb:Cluster:Name or use another database.");
    }

    /// <summary>The secret of the nodes that are there against this one's.</summary>
    public static void Secret(string cluster, string own, string found)
    {
        if (own != found)
            throw new ClusterRefusedException($"The nodes of the cluster '{cluster}' have another secret; set Verb:Cluster:Secret to theirs.");
    }

    /// <summary>What the node speaks against what the nodes of the cluster speak; null where there are none.</summary>
    public static void Protocol(int own, int? oldest)
    {
        if (own < oldest)
            throw new ClusterRefusedException($"The nodes of the cluster speak version {oldest} or later, this node speaks {own}: update Verb on this machine.");
    }

    /// <summary>Another process lives by the same name.</summary>
    public static ClusterRefusedException Taken(string cluster, NodeId node) =>
        new($"Another node named '{node}' is in the cluster '{cluster}'; choose another Verb:Cluster:NodeId.");
}
