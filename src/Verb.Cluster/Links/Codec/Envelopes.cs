using Google.Protobuf;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.Envelope.MessageOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>Node messages as they travel. Bytes are not copied on the way out: a message handed over never changes.</summary>
internal static class Envelopes
{
    private static readonly MessageParser<Wire.Envelope> Parser = Wire.Envelope.Parser.WithDiscardUnknownFields(true);

    /// <summary>The message as it travels.</summary>
    /// <exception cref="ArgumentException">It is not one that may leave its node.</exception>
    public static Wire.Envelope Encode(NodeMessage message) => message switch
    {
        NodeMessage.ToRoom to => new() { ToRoom = RoomMessages.Encode(to) },
        NodeMessage.ToTopic to => new() { ToTopic = TopicMessages.Encode(to) },
        NodeMessage.ToUser to => new() { ToUser = UserMessages.Encode(to) },
        NodeMessage.ToRelay to => new() { ToRelay = RelayMessages.Encode(to) },
        NodeMessage.ToTopicRelay to => new() { ToTopicRelay = TopicRelayMessages.Encode(to) },
        NodeMessage.ToConnection to => new() { ToConnection = ConnectionMessages.Encode(to) },
        NodeMessage.Answered answered => new() { Answered = new() { Ask = answered.Ask, Answer = Answers.Encode(answered.Answer) } },
        NodeMessage.Owners owners => new() { Owners = Encode(owners) },
        NodeMessage.Broadcast broadcast => new() { Broadcast = Terms.Encode(broadcast.Event) },
        NodeMessage.Catalog catalog => new() { Catalog = Encode(catalog) },
        _ => throw Terms.StaysHere(message),
    };

    /// <summary>Reads a message; null where a newer version said something that is not known here.</summary>
    /// <exception cref="MalformedEnvelopeException">It is no message.</exception>
    public static NodeMessage? Decode(System.Buffers.ReadOnlySequence<byte> frame)
    {
        try
        {
            return Decode(Parser.ParseFrom(frame));
        }
        catch (UnknownKindException)
        {
            return null;
        }
        catch (Exception broken) when (broken is InvalidProtocolBufferException or ArgumentException or OverflowException)
        {
            throw new MalformedEnvelopeException(broken.Message, broken);
        }
    }

    private static NodeMessage Decode(Wire.Envelope envelope) => envelope.MessageCase switch
    {
        Kind.ToRoom => RoomMessages.Decode(envelope.ToRoom),
        Kind.ToTopic => TopicMessages.Decode(envelope.ToTopic),
        Kind.ToUser => UserMessages.Decode(envelope.ToUser),
        Kind.ToRelay => RelayMessages.Decode(envelope.ToRelay),
        Kind.ToTopicRelay => TopicRelayMessages.Decode(envelope.ToTopicRelay),
        Kind.ToConnection => ConnectionMessages.Decode(envelope.ToConnection),
        Kind.Answered => new NodeMessage.Answered(envelope.Answered.Ask, Answers.Decode(envelope.Answered.Answer)),
        Kind.Owners => Decode(envelope.Owners),
        Kind.Broadcast => new NodeMessage.Broadcast(envelope.Broadcast.Memory),
        Kind.Catalog => Decode(envelope.Catalog),
        _ => throw new UnknownKindException("message"),
    };

    private static Wire.Owners Encode(NodeMessage.Owners owners)
    {
        var wire = new Wire.Owners();
        foreach (var row in owners.Shards)
        {
            var entry = new Wire.Owners.Types.Row { Shard = row.Shard, Term = row.Term };
            if (row.Owner is { } owner)
                entry.Owner = owner.Value;
            wire.Shards.Add(entry);
        }

        return wire;
    }

    private static NodeMessage.Owners Decode(Wire.Owners wire) => new(Terms.List(wire.Shards, static row =>
        row.Shard is >= 0 and < Shards.Count
            ? new ShardRow(row.Shard, row.HasOwner ? new NodeId(row.Owner) : null, row.Term)
            : throw new MalformedEnvelopeException($"There is no shard {row.Shard}.")));

    private static Wire.Catalog Encode(NodeMessage.Catalog catalog)
    {
        var wire = new Wire.Catalog { Whole = catalog.Whole };
        foreach (var topic in catalog.Listed)
            wire.Listed.Add(topic.Value);
        foreach (var topic in catalog.Unlisted)
            wire.Unlisted.Add(topic.Value);
        return wire;
    }

    private static NodeMessage.Catalog Decode(Wire.Catalog wire) => new(
        wire.Whole,
        Terms.List(wire.Listed, static name => new TopicName(name)),
        Terms.List(wire.Unlisted, static name => new TopicName(name)));
}
