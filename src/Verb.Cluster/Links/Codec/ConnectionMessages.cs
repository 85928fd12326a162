using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.ToConnection.MessageOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>What a connection is told from other nodes.</summary>
internal static class ConnectionMessages
{
    public static Wire.ToConnection Encode(NodeMessage.ToConnection to)
    {
        var wire = Encode(to.Message);
        wire.Connection = Terms.Encode(to.Connection);
        return wire;
    }

    public static NodeMessage.ToConnection Decode(Wire.ToConnection wire) => new(Terms.Connection(wire.Connection), Message(wire));

    private static Wire.ToConnection Encode(ConnectionMessage message) => message switch
    {
        ConnectionMessage.Lost => new() { Lost = new() },
        ConnectionMessage.Registered => new() { Registered = new() },
        ConnectionMessage.RegistrationRefused m => new() { RegistrationRefused = Encode(m.Reason) },
        ConnectionMessage.Probe m => new() { ProbeTicks = m.Deadline.Ticks },
        ConnectionMessage.InboxDelivery m => new() { InboxDelivery = new() { To = m.To.Value, Seq = m.Seq, Message = Encode(m.Message) } },
        ConnectionMessage.CloseWith m => new() { CloseWith = Encode(m.Reason) },
        ConnectionMessage.Answered m => new() { Answered = new() { Command = m.Command, Answer = Answers.Encode(m.Answer) } },
        ConnectionMessage.Tell m => new() { Tell = Encode(m.Message) },
        _ => throw Terms.StaysHere(message),
    };

    private static ConnectionMessage Message(Wire.ToConnection wire) => wire.MessageCase switch
    {
        Kind.Lost => new ConnectionMessage.Lost(),
        Kind.Registered => new ConnectionMessage.Registered(),
        Kind.RegistrationRefused => new ConnectionMessage.RegistrationRefused(Read(wire.RegistrationRefused)),
        Kind.ProbeTicks => new ConnectionMessage.Probe(TimeSpan.FromTicks(wire.ProbeTicks)),
        Kind.InboxDelivery => new ConnectionMessage.InboxDelivery(new UserId(wire.InboxDelivery.To), wire.InboxDelivery.Seq, Read(wire.InboxDelivery.Message)),
        Kind.CloseWith => new ConnectionMessage.CloseWith(Read(wire.CloseWith)),
        Kind.Answered => new ConnectionMessage.Answered(wire.Answered.Command, Answers.Decode(wire.Answered.Answer)),
        Kind.Tell => new ConnectionMessage.Tell(Read(wire.Tell)),
        _ => throw new UnknownKindException("connection message"),
    };

    private static Wire.CloseReason Encode(CloseReason reason) => new() { Code = reason.Code, Reason = reason.Reason };

    private static CloseReason Read(Wire.CloseReason wire) => new(checked((ushort)wire.Code), wire.Reason);

    private static Wire.Outgoing Encode(Outgoing message)
    {
        var wire = new Wire.Outgoing();
        foreach (var part in message.Parts ?? [message])
            wire.Parts.Add(new Wire.Outgoing.Types.Part { Payload = Terms.Encode(part.Payload), Binary = part.Kind == FrameKind.Binary });
        return wire;
    }

    private static Outgoing Read(Wire.Outgoing? wire) => Outgoing.Join(Terms.List(
        Terms.Required(wire).Parts, static part => new Outgoing(part.Payload.Memory, part.Binary ? FrameKind.Binary : FrameKind.Text)));
}
