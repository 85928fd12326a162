using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.ToRelay.MessageOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>What a room's relay is told by the room's owner on another node.</summary>
internal static class RelayMessages
{
    public static Wire.ToRelay Encode(NodeMessage.ToRelay to)
    {
        var wire = Encode(to.Message);
        wire.Room = to.Room.Value;
        wire.Term = to.Term;
        return wire;
    }

    public static NodeMessage.ToRelay Decode(Wire.ToRelay wire) => new(new RoomId(wire.Room), wire.Term, Message(wire));

    private static Wire.ToRelay Encode(RelayMessage message) => message switch
    {
        RelayMessage.Admitted m => new() { Admitted = Encode(m) },
        RelayMessage.Removed m => new() { Removed = new() { Connection = Terms.Encode(m.Connection), To = Terms.EncodeOptional(m.To) } },
        RelayMessage.Published m => new()
        {
            Published = new() { Publication = Terms.Encode(m.Publication), Epoch = m.Epoch, Publisher = Terms.EncodeOptional(m.Publisher) },
        },
        RelayMessage.Answered m => new() { Answered = new() { To = Terms.Encode(m.To), Answer = Answers.Encode(m.Answer) } },
        RelayMessage.Told m => new() { Told = Encode(m) },
        RelayMessage.Media m => new() { Media = new() { Frame = Terms.Encode(m.Frame), Except = Terms.Encode(m.Except) } },
        RelayMessage.CaughtUp m => new() { CaughtUp = Encode(m) },
        RelayMessage.Missed m => new() { Missed = Terms.Encode(m.Position) },
        RelayMessage.Refreshed m => new()
        {
            Refreshed = new() { Connection = Terms.Encode(m.Connection), Identity = Terms.Encode(m.Identity) },
        },
        RelayMessage.Closed => new() { Closed = new() },
        RelayMessage.RegisterAgain m => new() { RegisterAgain = Terms.Encode(m.Stamp) },
        _ => throw Terms.StaysHere(message),
    };

    private static RelayMessage Message(Wire.ToRelay wire) => wire.MessageCase switch
    {
        Kind.Admitted => Read(wire.Admitted),
        Kind.Removed => new RelayMessage.Removed(Terms.Connection(wire.Removed.Connection), Terms.OptionalMember(wire.Removed.To)),
        Kind.Published => Read(wire.Published),
        Kind.Answered => new RelayMessage.Answered(Terms.Member(wire.Answered.To), Answers.Decode(wire.Answered.Answer)),
        Kind.Told => Read(wire.Told),
        Kind.Media => new RelayMessage.Media(wire.Media.Frame.Memory, Terms.Connection(wire.Media.Except)),
        Kind.CaughtUp => Read(wire.CaughtUp),
        Kind.Missed => new RelayMessage.Missed(Terms.Position(wire.Missed)),
        Kind.Refreshed => new RelayMessage.Refreshed(Terms.Connection(wire.Refreshed.Connection), Terms.Identity(wire.Refreshed.Identity)),
        Kind.Closed => new RelayMessage.Closed(),
        Kind.RegisterAgain => new RelayMessage.RegisterAgain(Terms.Stamp(wire.RegisterAgain)),
        _ => throw new UnknownKindException("relay message"),
    };

    private static RelayMessage.Published Read(Wire.RelayPublished wire) =>
        new(Terms.Publication(wire.Publication), wire.Epoch, Terms.OptionalMember(wire.Publisher));

    private static Wire.RelayAdmitted Encode(RelayMessage.Admitted message)
    {
        var wire = new Wire.RelayAdmitted
        {
            To = Terms.Encode(message.To),
            Identity = Terms.Encode(message.Identity),
            Echo = message.Echo,
            UserCount = message.UserCount,
            Position = Terms.Encode(message.Position),
            Stamp = Terms.Encode(message.Stamp),
        };
        if (message.Recovered is { } recovered)
            wire.Recovered = recovered;
        if (message.CatchUpFrom is { } from)
            wire.CatchUpFrom = from;
        foreach (var publication in message.Replay)
            wire.Replay.Add(Terms.Encode(publication));
        return wire;
    }

    private static RelayMessage.Admitted Read(Wire.RelayAdmitted wire) => new(
        Terms.Member(wire.To),
        Terms.Identity(wire.Identity),
        wire.Echo,
        wire.UserCount,
        Terms.Position(wire.Position),
        wire.HasRecovered ? wire.Recovered : null,
        Terms.List(wire.Replay, Terms.Publication),
        wire.HasCatchUpFrom ? wire.CatchUpFrom : null,
        Terms.Stamp(wire.Stamp));

    private static Wire.RelayTold Encode(RelayMessage.Told message)
    {
        var wire = new Wire.RelayTold { Event = Terms.Encode(message.Event) };
        if (message.ExceptConnection is { } connection)
            wire.ExceptConnection = Terms.Encode(connection);
        if (message.ExceptUser is { } user)
            wire.ExceptUser = user.Value;
        return wire;
    }

    private static RelayMessage.Told Read(Wire.RelayTold wire) => new(
        wire.Event.Memory,
        wire.ExceptConnection is { } connection ? Terms.Connection(connection) : default(ConnectionId?),
        wire.HasExceptUser ? new UserId(wire.ExceptUser) : null);

    private static Wire.RelayCaughtUp Encode(RelayMessage.CaughtUp message)
    {
        var wire = new Wire.RelayCaughtUp
        {
            Connection = Terms.Encode(message.Connection),
            Epoch = message.Epoch,
            Recovered = message.Recovered,
            Seq = message.Seq,
            Complete = message.Complete,
        };
        foreach (var publication in message.Page)
            wire.Page.Add(Terms.Encode(publication));
        return wire;
    }

    private static RelayMessage.CaughtUp Read(Wire.RelayCaughtUp wire) => new(
        Terms.Connection(wire.Connection), wire.Epoch, wire.Recovered, Terms.List(wire.Page, Terms.Publication), wire.Seq, wire.Complete);
}
