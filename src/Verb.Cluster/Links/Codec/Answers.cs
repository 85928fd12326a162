using Verb.Actors.Rooms;
using Verb.Contracts;
using Kind = Verb.Cluster.Links.Wire.Answer.BodyOneofCase;

namespace Verb.Cluster.Links.Codec;

/// <summary>Answers, with every body there is: who asks from another node is answered with the same records.</summary>
internal static class Answers
{
    private static readonly Dictionary<string, ErrorCode> Codes = Enum.GetValues<ErrorCode>().ToDictionary(code => code.WireName());

    public static Wire.Answer Encode(Answer answer) => answer.Error is { } error ? new() { Refused = Encode(error) } : answer.Body switch
    {
        ReplyBody.Empty => new() { Empty = new() },
        ReplyBody.Authenticated b => new() { Authenticated = Encode(b) },
        ReplyBody.Named b => new() { Named = b.Username },
        ReplyBody.Pong b => new() { Pong = new() { Timestamp = Terms.Encode(b.Timestamp), ServerTime = b.ServerTime } },
        ReplyBody.Joined b => new() { Joined = Encode(b) },
        ReplyBody.Left b => new() { Left = b.Room.Value },
        ReplyBody.Published b => new()
        {
            Published = new() { Room = b.Room.Value, Seq = b.Seq, Epoch = b.Epoch, MessageId = b.MessageId, Timestamp = b.Timestamp },
        },
        ReplyBody.MemberPage b => new() { MemberPage = Encode(b) },
        ReplyBody.HistoryPage b => new() { HistoryPage = Encode(b) },
        ReplyBody.Delivered b => new() { Delivered = new() { MessageId = b.MessageId, Written = b.Written } },
        ReplyBody.Acknowledged b => new() { Acknowledged = b.Seq },
        ReplyBody.OfTopic b => new() { OfTopic = b.Topic.Value },
        ReplyBody.Topics b => new() { Topics = Encode(b) },
        ReplyBody.TopicPublished b => new() { TopicPublished = new() { Topic = b.Topic.Value, Seq = b.Seq } },
        ReplyBody.UploadStarted b => new() { UploadStarted = new() { UploadId = b.UploadId, ChunkSize = b.ChunkSize } },
        ReplyBody.Uploaded b => new()
        {
            Uploaded = new() { UploadId = b.UploadId, Filename = b.Filename, Size = b.Size, Sha256 = b.Sha256, Url = b.Url },
        },
        ReplyBody.RoomState b => new() { RoomState = new() { Room = b.Room.Value, UserCount = b.UserCount, Epoch = b.Epoch, Seq = b.Seq } },
        ReplyBody.Json b => new() { Json = Terms.Encode(b.Value) },
        _ => throw Terms.StaysHere((object?)answer.Body ?? answer),
    };

    public static Answer Decode(Wire.Answer? wire) => Terms.Required(wire).BodyCase == Kind.Refused
        ? Answer.Refused(Read(wire!.Refused))
        : Answer.Of(Body(wire!));

    private static ReplyBody Body(Wire.Answer wire) => wire.BodyCase switch
    {
        Kind.Empty => ReplyBody.Empty.Instance,
        Kind.Authenticated => new ReplyBody.Authenticated(
            Terms.User(wire.Authenticated.User), wire.Authenticated.HasExpiresAt ? wire.Authenticated.ExpiresAt : null),
        Kind.Named => new ReplyBody.Named(wire.Named),
        Kind.Pong => new ReplyBody.Pong(wire.Pong.Timestamp.Memory, wire.Pong.ServerTime),
        Kind.Joined => Read(wire.Joined),
        Kind.Left => new ReplyBody.Left(new RoomId(wire.Left)),
        Kind.Published => Read(wire.Published),
        Kind.MemberPage => Read(wire.MemberPage),
        Kind.HistoryPage => Read(wire.HistoryPage),
        Kind.Delivered => new ReplyBody.Delivered(wire.Delivered.MessageId, wire.Delivered.Written),
        Kind.Acknowledged => new ReplyBody.Acknowledged(wire.Acknowledged),
        Kind.OfTopic => new ReplyBody.OfTopic(new TopicName(wire.OfTopic)),
        Kind.Topics => new ReplyBody.Topics(Terms.List(wire.Topics.Names, static name => new TopicName(name))),
        Kind.TopicPublished => new ReplyBody.TopicPublished(new TopicName(wire.TopicPublished.Topic), wire.TopicPublished.Seq),
        Kind.UploadStarted => new ReplyBody.UploadStarted(wire.UploadStarted.UploadId, wire.UploadStarted.ChunkSize),
        Kind.Uploaded => Read(wire.Uploaded),
        Kind.RoomState => Read(wire.RoomState),
        Kind.Json => new ReplyBody.Json(wire.Json.Memory),
        _ => throw new UnknownKindException("answer"),
    };

    private static Wire.Refusal Encode(CommandError error)
    {
        var wire = new Wire.Refusal { Code = error.Code.WireName(), Message = error.Message };
        if (error.RetryAfter is { } after)
            wire.RetryAfter = after;
        return wire;
    }

    // A code of a newer version is still a refusal, and what is not known of its outcome is said.
    private static CommandError Read(Wire.Refusal wire) => new(
        Codes.GetValueOrDefault(wire.Code, ErrorCode.Internal), wire.Message, wire.HasRetryAfter ? wire.RetryAfter : null);

    private static Wire.Authenticated Encode(ReplyBody.Authenticated body)
    {
        var wire = new Wire.Authenticated { User = Terms.Encode(body.User) };
        if (body.ExpiresAt is { } expires)
            wire.ExpiresAt = expires;
        return wire;
    }

    private static Wire.Joined Encode(ReplyBody.Joined body)
    {
        var wire = new Wire.Joined { Room = body.Room.Value, UserCount = body.UserCount, Epoch = body.Epoch, Seq = body.Seq };
        if (body.Recovered is { } recovered)
            wire.Recovered = recovered;
        return wire;
    }

    private static ReplyBody.Joined Read(Wire.Joined wire) =>
        new(new RoomId(wire.Room), wire.UserCount, wire.Epoch, wire.Seq, wire.HasRecovered ? wire.Recovered : null);

    private static ReplyBody.Published Read(Wire.Published wire) =>
        new(new RoomId(wire.Room), wire.Seq, wire.Epoch, wire.MessageId, wire.Timestamp);

    private static Wire.MemberPage Encode(ReplyBody.MemberPage body)
    {
        var wire = new Wire.MemberPage { Room = body.Room.Value, UserCount = body.UserCount, More = body.More };
        foreach (var member in body.Members)
            wire.Members.Add(Terms.Encode(member));
        return wire;
    }

    private static ReplyBody.MemberPage Read(Wire.MemberPage wire) =>
        new(new RoomId(wire.Room), wire.UserCount, Terms.List(wire.Members, Terms.User), wire.More);

    private static Wire.HistoryPage Encode(ReplyBody.HistoryPage body)
    {
        var wire = new Wire.HistoryPage { Room = body.Room.Value, Epoch = body.Epoch, Complete = body.Complete };
        foreach (var m in body.Messages)
            wire.Messages.Add(Terms.Encode(new Publication(m.Seq, m.MessageId, m.User, m.Message, m.Timestamp)));
        return wire;
    }

    private static ReplyBody.HistoryPage Read(Wire.HistoryPage wire) =>
        new(new RoomId(wire.Room), wire.Epoch, Terms.List(wire.Messages, Read), wire.Complete);

    private static HistoryMessage Read(Wire.Publication wire) =>
        new(wire.Seq, wire.MessageId, Terms.User(wire.From), wire.Message.Memory, wire.Timestamp);

    private static Wire.Topics Encode(ReplyBody.Topics body)
    {
        var wire = new Wire.Topics();
        foreach (var name in body.Names)
            wire.Names.Add(name.Value);
        return wire;
    }

    private static ReplyBody.Uploaded Read(Wire.Uploaded wire) => new(wire.UploadId, wire.Filename, wire.Size, wire.Sha256, wire.Url);

    private static ReplyBody.RoomState Read(Wire.RoomState wire) => new(new RoomId(wire.Room), wire.UserCount, wire.Epoch, wire.Seq);
}
