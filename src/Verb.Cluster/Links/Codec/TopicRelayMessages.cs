using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.ToTopicRelay.MessageOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>What a topic's relay is told by the topic's owner on another node.</summary>
internal static class TopicRelayMessages
{
    public static Wire.ToTopicRelay Encode(NodeMessage.ToTopicRelay to)
    {
        var wire = Encode(to.Message);
        wire.Topic = to.Topic.Value;
        wire.Term = to.Term;
        return wire;
    }

    public static NodeMessage.ToTopicRelay Decode(Wire.ToTopicRelay wire) => new(new TopicName(wire.Topic), wire.Term, Message(wire));

    private static Wire.ToTopicRelay Encode(TopicRelayMessage message) => message switch
    {
        TopicRelayMessage.Update m => new() { Update = new() { Value = TopicMessages.EncodeOptional(m.Value) } },
        TopicRelayMessage.WhoIsHere => new() { WhoIsHere = new() },
        _ => throw Terms.StaysHere(message),
    };

    private static TopicRelayMessage Message(Wire.ToTopicRelay wire) => wire.MessageCase switch
    {
        Kind.Update => new TopicRelayMessage.Update(TopicMessages.OptionalValue(wire.Update.Value)),
        Kind.WhoIsHere => new TopicRelayMessage.WhoIsHere(),
        _ => throw new UnknownKindException("topic relay message"),
    };
}
