using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.ToUser.MessageOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>What a user's owner is told from other nodes.</summary>
internal static class UserMessages
{
    public static Wire.ToUser Encode(NodeMessage.ToUser to)
    {
        var wire = Encode(to.Message);
        wire.User = to.User.Value;
        wire.Term = to.Term;
        return wire;
    }

    public static NodeMessage.ToUser Decode(Wire.ToUser wire) => new(new UserId(wire.User), wire.Term, Message(wire));

    private static Wire.ToUser Encode(UserMessage message) => message switch
    {
        UserMessage.Register m => new() { Register = Encode(m) },
        UserMessage.Unregister m => new() { Unregister = Terms.Encode(m.Connection) },
        UserMessage.Alive m => new() { Alive = Terms.Encode(m.Connection) },
        UserMessage.Send m => new() { Send = Encode(m) },
        UserMessage.Written m => new() { Written = m.Seq },
        UserMessage.Acknowledge m => new() { Acknowledge = new() { Caller = Terms.Encode(m.Caller), Seq = m.Seq } },
        UserMessage.Kick m => new() { Kick = Terms.Encode(m.Caller) },
        _ => throw Terms.StaysHere(message),
    };

    private static UserMessage Message(Wire.ToUser wire) => wire.MessageCase switch
    {
        Kind.Register => Read(wire.Register),
        Kind.Unregister => new UserMessage.Unregister(Terms.Connection(wire.Unregister)),
        Kind.Alive => new UserMessage.Alive(Terms.Connection(wire.Alive)),
        Kind.Send => Read(wire.Send),
        Kind.Written => new UserMessage.Written(wire.Written),
        Kind.Acknowledge => new UserMessage.Acknowledge(Terms.Caller(wire.Acknowledge.Caller), wire.Acknowledge.Seq),
        Kind.Kick => new UserMessage.Kick(Terms.Caller(wire.Kick)),
        _ => throw new UnknownKindException("user message"),
    };

    private static Wire.UserRegister Encode(UserMessage.Register message)
    {
        var wire = new Wire.UserRegister
        {
            Connection = Terms.Encode(message.Connection), Anonymous = message.Anonymous, Limit = message.Limit,
        };
        if (message.Since is { } since)
            wire.Since = since;
        return wire;
    }

    private static UserMessage.Register Read(Wire.UserRegister wire) =>
        new(Terms.Connection(wire.Connection), wire.Anonymous, wire.Limit, wire.HasSince ? wire.Since : null);

    private static Wire.UserSend Encode(UserMessage.Send message)
    {
        var wire = new Wire.UserSend
        {
            Caller = Terms.Encode(message.Caller), From = Terms.EncodeOptional(message.From), Body = Terms.Encode(message.Body),
        };
        if (message.MessageId is { } id)
            wire.MessageId = id;
        return wire;
    }

    private static UserMessage.Send Read(Wire.UserSend wire) =>
        new(Terms.Caller(wire.Caller), Terms.OptionalUser(wire.From), wire.Body.Memory, wire.HasMessageId ? wire.MessageId : null);
}
