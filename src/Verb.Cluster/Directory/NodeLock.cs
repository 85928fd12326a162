using Verb.Actors.Sharding;

namespace Verb.Cluster.Directory;

/// <summary>The advisory lock that a node holds while its session stands.</summary>
internal static class NodeLock
{
    /// <summary>The same in every process and version. The cluster's name is hashed apart: no two pairs make one text.</summary>
    public static long Key(string cluster, NodeId node) =>
        unchecked((long)StableHash.Add(StableHash.Add(StableHash.Of("verb/node"), cluster), node.Value));
}
