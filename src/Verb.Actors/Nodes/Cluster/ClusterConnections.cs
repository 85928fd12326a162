using Verb.Actors.Connections;
using Verb.Actors.Sharding;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>The way to a connection on any node.</summary>
internal sealed class ClusterConnections(NodeId self, ConnectionDirectory local, INodeLinks links) : IConnections
{
    /// <inheritdoc/>
    public void Tell(ConnectionId connection, ConnectionMessage message)
    {
        if (connection.Node == self)
            local.Tell(connection, message);
        else
            links.Send(connection.Node, new NodeMessage.ToConnection(connection, message));
    }
}
