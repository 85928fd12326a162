using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.ToTopic.MessageOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>What a topic's owner is told from other nodes.</summary>
internal static class TopicMessages
{
    public static Wire.ToTopic Encode(NodeMessage.ToTopic to)
    {
        var wire = Encode(to.Message);
        wire.Topic = to.Topic.Value;
        wire.Term = to.Term;
        return wire;
    }

    public static NodeMessage.ToTopic Decode(Wire.ToTopic wire) => new(new TopicName(wire.Topic), wire.Term, Message(wire));

    public static Wire.TopicValue? EncodeOptional(TopicValue? value) => value is null ? null : new()
    {
        Seq = value.Seq,
        Body = Terms.Encode(value.Body),
        Stock = value.Stock is { } stock ? new() { Price = Terms.Encode(stock.Price), Change = Terms.Encode(stock.Change) } : null,
        Timestamp = value.Timestamp,
    };

    public static TopicValue? OptionalValue(Wire.TopicValue? wire) => wire is null ? null : new(
        wire.Seq,
        wire.Body.Memory,
        wire.Stock is { } stock ? new StockQuote(stock.Price.Memory, stock.Change.Memory) : null,
        wire.Timestamp);

    private static Wire.ToTopic Encode(TopicMessage message) => message switch
    {
        TopicMessage.Publish m => new() { Publish = new() { Caller = Terms.Encode(m.Caller), Body = Terms.Encode(m.Body) } },
        TopicMessage.Attach m => new() { Attach = new() { Node = m.Node.Value, LastSeq = m.LastSeq, Last = EncodeOptional(m.Last) } },
        TopicMessage.Detach m => new() { Detach = m.Node.Value },
        _ => throw Terms.StaysHere(message),
    };

    private static TopicMessage Message(Wire.ToTopic wire) => wire.MessageCase switch
    {
        Kind.Publish => new TopicMessage.Publish(Terms.Caller(wire.Publish.Caller), wire.Publish.Body.Memory),
        Kind.Attach => new TopicMessage.Attach(new NodeId(wire.Attach.Node), wire.Attach.LastSeq, OptionalValue(wire.Attach.Last)),
        Kind.Detach => new TopicMessage.Detach(new NodeId(wire.Detach)),
        _ => throw new UnknownKindException("topic message"),
    };
}
