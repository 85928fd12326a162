using Google.Protobuf;
using Google.Protobuf.Collections;
using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Cluster.Links.Codec;

/// <summary>What all families of messages are made of: callers, connections, identities, positions.</summary>
internal static class Terms
{
    /// <summary>The bytes, not copied.</summary>
    public static ByteString Encode(ReadOnlyMemory<byte> bytes) => UnsafeByteOperations.UnsafeWrap(bytes);

    public static Wire.Caller Encode(Caller caller) => caller switch
    {
        Caller.Member member => new() { Member = Encode(member) },
        Caller.Remote remote => new() { Remote = new() { Node = remote.Node.Value, Ask = remote.Ask } },
        _ => throw StaysHere(caller),
    };

    public static Caller Caller(Wire.Caller? wire) => Required(wire).WhoCase switch
    {
        Wire.Caller.WhoOneofCase.Member => Member(wire!.Member),
        Wire.Caller.WhoOneofCase.Remote => new Caller.Remote(new NodeId(wire!.Remote.Node), wire.Remote.Ask),
        _ => throw new UnknownKindException("caller"),
    };

    public static Wire.Member Encode(Caller.Member member) => new() { Connection = Encode(member.Connection), Command = member.Command };

    public static Wire.Member? EncodeOptional(Caller.Member? member) => member is null ? null : Encode(member);

    public static Caller.Member Member(Wire.Member? wire) => new(Connection(Required(wire).Connection), wire!.Command);

    public static Caller.Member? OptionalMember(Wire.Member? wire) => wire is null ? null : Member(wire);

    public static Wire.Connection Encode(ConnectionId connection) => new() { Node = connection.Node.Value, Number = connection.Number };

    public static ConnectionId Connection(Wire.Connection? wire) => new(new NodeId(Required(wire).Node), wire!.Number);

    public static Wire.Identity Encode(Identity identity)
    {
        var wire = new Wire.Identity { User = Encode(identity.User) };
        wire.Roles.AddRange(identity.Roles);
        if (identity.ExpiresAt is { } expires)
            wire.ExpiresAt = expires;
        return wire;
    }

    public static Wire.Identity? EncodeOptional(Identity? identity) => identity is null ? null : Encode(identity);

    public static Identity Identity(Wire.Identity? wire) =>
        new(User(Required(wire).User), List(wire!.Roles, static role => role), wire.HasExpiresAt ? wire.ExpiresAt : null);

    public static Identity? OptionalIdentity(Wire.Identity? wire) => wire is null ? null : Identity(wire);

    public static Wire.User Encode(User user) => new() { Id = user.Id.Value, Username = user.Username, Role = user.Role };

    public static Wire.User? EncodeOptional(User? user) => user is null ? null : Encode(user);

    public static User User(Wire.User? wire) => new(new UserId(Required(wire).Id), wire!.Username, wire.Role);

    public static User? OptionalUser(Wire.User? wire) => wire is null ? null : User(wire);

    public static Wire.Position Encode(Position position) => new() { Epoch = position.Epoch, Seq = position.Seq };

    public static Wire.Position? EncodeOptional(Position? position) => position is null ? null : Encode(position);

    public static Position Position(Wire.Position? wire) => new(Required(wire).Epoch, wire!.Seq);

    public static Position? OptionalPosition(Wire.Position? wire) => wire is null ? null : Position(wire);

    public static Wire.Stamp Encode(AdmissionStamp stamp) => new() { Term = stamp.Term, Number = stamp.Number };

    public static AdmissionStamp Stamp(Wire.Stamp? wire) => new(Required(wire).Term, wire!.Number);

    public static Wire.Publication Encode(Publication publication) => new()
    {
        Seq = publication.Seq,
        MessageId = publication.MessageId,
        From = Encode(publication.From),
        Message = Encode(publication.Message),
        Timestamp = publication.Timestamp,
    };

    public static Publication Publication(Wire.Publication? wire) =>
        new(Required(wire).Seq, wire!.MessageId, User(wire.From), wire.Message.Memory, wire.Timestamp);

    /// <summary>The list, each element read.</summary>
    public static TTo[] List<TFrom, TTo>(RepeatedField<TFrom> wire, Func<TFrom, TTo> read)
    {
        var list = new TTo[wire.Count];
        for (var i = 0; i < list.Length; i++)
            list[i] = read(wire[i]);
        return list;
    }

    /// <summary>The part of a message that must be there.</summary>
    public static T Required<T>(T? part)
        where T : class =>
        part ?? throw new MalformedEnvelopeException($"A message lacks its {typeof(T).Name}.");

    /// <summary>The mistake of sending what is told only within a node.</summary>
    public static ArgumentException StaysHere(object message) =>
        new($"{message.GetType().FullName} is not for another node: it has no mapping in {typeof(Terms).Namespace}.", nameof(message));
}
