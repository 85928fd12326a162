namespace Verb.Contracts;

/// <summary>The <c>data</c> of a successful reply. A closed set; <see cref="WireFormat"/> writes it.</summary>
public abstract record ReplyBody
{
    private ReplyBody()
    {
    }

    /// <summary><c>{}</c>.</summary>
    public sealed record Empty : ReplyBody
    {
        /// <summary>The only one needed.</summary>
        public static Empty Instance { get; } = new();
    }

    /// <summary>Answers <c>auth</c>.</summary>
    public sealed record Authenticated(User User, long? ExpiresAt) : ReplyBody;

    /// <summary>Answers <c>set_username</c>.</summary>
    public sealed record Named(string Username) : ReplyBody;

    /// <summary>Answers <c>ping</c>.</summary>
    public sealed record Pong(ReadOnlyMemory<byte> Timestamp, long ServerTime) : ReplyBody;

    /// <summary>Answers <c>join_room</c>.</summary>
    public sealed record Joined(RoomId Room, int UserCount, string Epoch, long Seq, bool? Recovered) : ReplyBody;

    /// <summary>Answers <c>leave_room</c>.</summary>
    public sealed record Left(RoomId Room) : ReplyBody;

    /// <summary>Answers <c>chat</c>.</summary>
    public sealed record Published(RoomId Room, long Seq, string Epoch, string MessageId, long Timestamp) : ReplyBody;

    /// <summary>Answers <c>members</c>.</summary>
    public sealed record MemberPage(RoomId Room, int UserCount, IReadOnlyList<User> Members, bool More) : ReplyBody;

    /// <summary>Answers <c>history</c>.</summary>
    public sealed record HistoryPage(RoomId Room, string Epoch, IReadOnlyList<HistoryMessage> Messages, bool Complete) : ReplyBody;

    /// <summary>Answers <c>private_message</c> and <c>POST /api/notify</c>.</summary>
    public sealed record Delivered(string MessageId, bool Written) : ReplyBody;

    /// <summary>Answers <c>inbox_ack</c>.</summary>
    public sealed record Acknowledged(long Seq) : ReplyBody;

    /// <summary>Answers <c>subscribe</c> and <c>unsubscribe</c>.</summary>
    public sealed record OfTopic(TopicName Topic) : ReplyBody;

    /// <summary>Answers <c>get_topics</c>.</summary>
    public sealed record Topics(IReadOnlyList<TopicName> Names) : ReplyBody;

    /// <summary>Answers <c>publish</c>.</summary>
    public sealed record TopicPublished(TopicName Topic, long Seq) : ReplyBody;

    /// <summary>Answers <c>file_start</c>.</summary>
    public sealed record UploadStarted(string UploadId, int ChunkSize) : ReplyBody;

    /// <summary>Answers <c>file_end</c>.</summary>
    public sealed record Uploaded(string UploadId, string Filename, long Size, string Sha256, string Url) : ReplyBody;

    /// <summary>Answers <c>GET /api/rooms/{roomId}</c>.</summary>
    public sealed record RoomState(RoomId Room, int UserCount, string Epoch, long Seq) : ReplyBody;

    /// <summary>Any JSON value: a request handler's result, an admin command's.</summary>
    public sealed record Json(ReadOnlyMemory<byte> Value) : ReplyBody;
}
