using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>The way from a room to its relays on all nodes.</summary>
internal sealed class ClusterRelays(NodeId self, LocalRelays local, INodeLinks links, Membership membership) : IRelays
{
    /// <inheritdoc/>
    public void Tell(NodeId node, RoomId room, RelayMessage message)
    {
        if (node == self)
            local.Tell(node, room, message);
        else
            links.Send(node, new NodeMessage.ToRelay(room, message.Term, message));
    }

    /// <inheritdoc/>
    public ValueTask<RoomMessage.Register> AskWhoIsHere(RoomId room, AdmissionStamp stamp)
    {
        foreach (var node in membership.Nodes)
        {
            if (node.Id != self)
                links.Send(node.Id, new NodeMessage.ToRelay(room, stamp.Term, new RelayMessage.RegisterAgain(stamp) { Term = stamp.Term }));
        }

        return local.AskWhoIsHere(room, stamp);
    }
}
