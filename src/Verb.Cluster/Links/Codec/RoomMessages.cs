using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.ToRoom.MessageOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>What a room's owner is told from other nodes.</summary>
internal static class RoomMessages
{
    public static Wire.ToRoom Encode(NodeMessage.ToRoom to)
    {
        var wire = Encode(to.Message);
        wire.Room = to.Room.Value;
        wire.Term = to.Term;
        return wire;
    }

    public static NodeMessage.ToRoom Decode(Wire.ToRoom wire) => new(new RoomId(wire.Room), wire.Term, Message(wire));

    private static Wire.ToRoom Encode(RoomMessage message) => message switch
    {
        RoomMessage.Join m => new()
        {
            Join = new()
            {
                From = Terms.Encode(m.From), Identity = Terms.Encode(m.Identity), Echo = m.Echo, Since = Terms.EncodeOptional(m.Since),
            },
        },
        RoomMessage.Leave m => new() { Leave = new() { From = Terms.Encode(m.From), Again = m.Again } },
        RoomMessage.Gone m => new() { Gone = new() { Connection = Terms.Encode(m.Connection), Lost = m.Lost } },
        RoomMessage.Refresh m => new() { Refresh = new() { Connection = Terms.Encode(m.Connection), Identity = Terms.Encode(m.Identity) } },
        RoomMessage.Publish m => new() { Publish = Encode(m) },
        RoomMessage.Typing m => new() { Typing = Terms.Encode(m.From) },
        RoomMessage.SendEvent m => new()
        {
            SendEvent = new() { From = Terms.Encode(m.From), Event = m.Event, Body = Terms.Encode(m.Body) },
        },
        RoomMessage.Media m => new() { Media = new() { From = Terms.Encode(m.From), Bytes = Terms.Encode(m.Frame) } },
        RoomMessage.ShareFile m => new() { ShareFile = new() { From = Terms.Encode(m.From), Bytes = Terms.Encode(m.Event) } },
        RoomMessage.GetMembers m => new() { GetMembers = Encode(m) },
        RoomMessage.GetHistory m => new() { GetHistory = Encode(m) },
        RoomMessage.GetState m => new() { GetState = new() { Caller = Terms.Encode(m.Caller), Reader = Terms.EncodeOptional(m.Reader) } },
        RoomMessage.CheckRead m => new() { CheckRead = new() { Caller = Terms.Encode(m.Caller), Reader = Terms.Encode(m.Reader) } },
        RoomMessage.CatchUp m => new() { CatchUp = new() { Connection = Terms.Encode(m.Connection), Since = Terms.Encode(m.Since) } },
        RoomMessage.Register m => new() { Register = Encode(m) },
        RoomMessage.Close m => new() { Close = Terms.Encode(m.Caller) },
        _ => throw Terms.StaysHere(message),
    };

    private static RoomMessage Message(Wire.ToRoom wire) => wire.MessageCase switch
    {
        Kind.Join => Read(wire.Join),
        Kind.Leave => new RoomMessage.Leave(Terms.Member(wire.Leave.From), wire.Leave.Again),
        Kind.Gone => new RoomMessage.Gone(Terms.Connection(wire.Gone.Connection), wire.Gone.Lost),
        Kind.Refresh => new RoomMessage.Refresh(Terms.Connection(wire.Refresh.Connection), Terms.Identity(wire.Refresh.Identity)),
        Kind.Publish => Read(wire.Publish),
        Kind.Typing => new RoomMessage.Typing(Terms.Member(wire.Typing)),
        Kind.SendEvent => new RoomMessage.SendEvent(Terms.Member(wire.SendEvent.From), wire.SendEvent.Event, wire.SendEvent.Body.Memory),
        Kind.Media => new RoomMessage.Media(Terms.Member(wire.Media.From), wire.Media.Bytes.Memory),
        Kind.ShareFile => new RoomMessage.ShareFile(Terms.Member(wire.ShareFile.From), wire.ShareFile.Bytes.Memory),
        Kind.GetMembers => Read(wire.GetMembers),
        Kind.GetHistory => Read(wire.GetHistory),
        Kind.GetState => new RoomMessage.GetState(Terms.Caller(wire.GetState.Caller), Terms.OptionalIdentity(wire.GetState.Reader)),
        Kind.CheckRead => new RoomMessage.CheckRead(Terms.Caller(wire.CheckRead.Caller), Terms.Identity(wire.CheckRead.Reader)),
        Kind.CatchUp => new RoomMessage.CatchUp(Terms.Connection(wire.CatchUp.Connection), Terms.Position(wire.CatchUp.Since)),
        Kind.Register => Read(wire.Register),
        Kind.Close => new RoomMessage.Close(Terms.Caller(wire.Close)),
        _ => throw new UnknownKindException("room message"),
    };

    private static RoomMessage.Join Read(Wire.RoomJoin wire) =>
        new(Terms.Member(wire.From), Terms.Identity(wire.Identity), wire.Echo, Terms.OptionalPosition(wire.Since));

    private static Wire.RoomPublish Encode(RoomMessage.Publish message)
    {
        var wire = new Wire.RoomPublish
        {
            Caller = Terms.Encode(message.Caller), Message = Terms.Encode(message.Message), As = Terms.EncodeOptional(message.As),
        };
        if (message.MessageId is { } id)
            wire.MessageId = id;
        return wire;
    }

    private static RoomMessage.Publish Read(Wire.RoomPublish wire) =>
        new(Terms.Caller(wire.Caller), wire.Message.Memory, wire.HasMessageId ? wire.MessageId : null, Terms.OptionalUser(wire.As));

    private static Wire.RoomGetMembers Encode(RoomMessage.GetMembers message)
    {
        var wire = new Wire.RoomGetMembers
        {
            Caller = Terms.Encode(message.Caller), Reader = Terms.EncodeOptional(message.Reader), Limit = message.Limit,
        };
        if (message.After is { } after)
            wire.After = after;
        return wire;
    }

    private static RoomMessage.GetMembers Read(Wire.RoomGetMembers wire) =>
        new(Terms.Caller(wire.Caller), Terms.OptionalIdentity(wire.Reader), wire.HasAfter ? wire.After : null, wire.Limit);

    private static Wire.RoomGetHistory Encode(RoomMessage.GetHistory message)
    {
        var wire = new Wire.RoomGetHistory
        {
            Caller = Terms.Encode(message.Caller),
            Reader = Terms.EncodeOptional(message.Reader),
            Since = Terms.EncodeOptional(message.Since),
            Limit = message.Limit,
        };
        if (message.Before is { } before)
            wire.Before = before;
        return wire;
    }

    private static RoomMessage.GetHistory Read(Wire.RoomGetHistory wire) => new(
        Terms.Caller(wire.Caller),
        Terms.OptionalIdentity(wire.Reader),
        Terms.OptionalPosition(wire.Since),
        wire.HasBefore ? wire.Before : null,
        wire.Limit);

    private static Wire.RoomRegister Encode(RoomMessage.Register message)
    {
        var wire = new Wire.RoomRegister { Seen = Terms.Encode(message.Seen), LastAdmission = Terms.Encode(message.LastAdmission) };
        if (message.Node is { } node)
            wire.Node = node.Value;
        foreach (var (connection, identity, echo) in message.Members)
            wire.Members.Add(new Wire.RoomRegister.Types.Registered
            {
                Connection = Terms.Encode(connection), Identity = Terms.Encode(identity), Echo = echo,
            });
        return wire;
    }

    private static RoomMessage.Register Read(Wire.RoomRegister wire) => new(
        wire.HasNode ? new NodeId(wire.Node) : null,
        Terms.List(wire.Members, static m => (Terms.Connection(m.Connection), Terms.Identity(m.Identity), m.Echo)),
        Terms.Position(wire.Seen),
        Terms.Stamp(wire.LastAdmission));
}
