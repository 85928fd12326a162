using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>The way from a topic's owner to its relays, one on each node that has subscribers.</summary>
internal interface ITopicRelays
{
    /// <summary>Tells the topic's relay on that node.</summary>
    void Tell(NodeId node, TopicName topic, TopicRelayMessage message);

    /// <summary>Asks the relays that the topic has on any node to attach again: its owner was started anew.</summary>
    void AskWhoIsHere(TopicName topic);
}
