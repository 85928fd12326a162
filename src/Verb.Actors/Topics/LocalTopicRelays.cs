using Verb.Actors.Regions;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>The topic relays of a node that is alone.</summary>
/// <param name="relays">The node's relays.</param>
internal sealed class LocalTopicRelays(LocalRegion<TopicName> relays) : ITopicRelays
{
    /// <inheritdoc/>
    public void Tell(NodeId node, TopicName topic, TopicRelayMessage message) => relays.TellIfAlive(topic, message);

    /// <inheritdoc/>
    public void AskWhoIsHere(TopicName topic) => relays.TellIfAlive(topic, new TopicRelayMessage.WhoIsHere());
}
