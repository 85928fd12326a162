using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Contracts;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>The way from a topic to its relays on all nodes.</summary>
internal sealed class ClusterTopicRelays(NodeId self, LocalTopicRelays local, ShardTable table, INodeLinks links, Membership membership) : ITopicRelays
{
    /// <inheritdoc/>
    public void Tell(NodeId node, TopicName topic, TopicRelayMessage message)
    {
        if (node == self)
            local.Tell(node, topic, message);
        else
            links.Send(node, new NodeMessage.ToTopicRelay(topic, message.Term, message));
    }

    /// <inheritdoc/>
    public void AskWhoIsHere(TopicName topic)
    {
        var term = table[Shards.Of(topic)].Term;
        foreach (var node in membership.Nodes)
        {
            if (node.Id != self)
                links.Send(node.Id, new NodeMessage.ToTopicRelay(topic, term, new TopicRelayMessage.WhoIsHere { Term = term }));
        }

        local.AskWhoIsHere(topic);
    }
}
