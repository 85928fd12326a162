namespace Verb.Contracts;

/// <summary>What the hub tells a client unasked: one text frame each. A closed set; <see cref="WireFormat"/> writes it.</summary>
/// <remarks>Times are Unix milliseconds. JSON values are forwarded as the bytes that came.</remarks>
public abstract record ServerEvent
{
    private ServerEvent()
    {
    }

    /// <summary>The first event of a connection; <paramref name="User"/> is null until authenticated where that is demanded.</summary>
    public sealed record Connected(
        string ClientId, string Session, string Node, long ServerTime, User? User, long HeartbeatInterval, long HeartbeatTimeout) : ServerEvent;

    /// <summary>The route demands a user: send <c>auth</c> within <paramref name="Timeout"/> milliseconds.</summary>
    public sealed record AuthRequired(long Timeout) : ServerEvent;

    /// <summary>The token was accepted.</summary>
    public sealed record AuthSuccess(User User, long? ExpiresAt) : ServerEvent;

    /// <summary>The token was refused; the close 4002 follows.</summary>
    public sealed record AuthFailed(string Message) : ServerEvent;

    /// <summary>No token came in time; the close 4001 follows.</summary>
    public sealed record AuthTimeout(string Message) : ServerEvent;

    /// <summary>The token expires soon: renew it with <c>auth</c>.</summary>
    public sealed record AuthExpiring(long ExpiresAt) : ServerEvent;

    /// <summary>The anonymous user's new name.</summary>
    public sealed record UsernameSet(string Username) : ServerEvent;

    /// <summary>Answers <c>ping</c>; <paramref name="Timestamp"/> is the number that came, empty where none did.</summary>
    public sealed record Pong(ReadOnlyMemory<byte> Timestamp, long ServerTime) : ServerEvent;

    /// <summary>The connection is in the room.</summary>
    public sealed record JoinedRoom(RoomId Room, int UserCount, string Epoch, long Seq, bool? Recovered) : ServerEvent;

    /// <summary>A page of a room's history, ascending.</summary>
    public sealed record MessageHistory(
        RoomId Room, string Epoch, bool? Recovered, bool More, IReadOnlyList<HistoryMessage> Messages) : ServerEvent;

    /// <summary>The connection left the room.</summary>
    public sealed record LeftRoom(RoomId Room) : ServerEvent;

    /// <summary>A user came into the room.</summary>
    public sealed record UserJoined(RoomId Room, User User, int UserCount) : ServerEvent;

    /// <summary>A user left the room.</summary>
    public sealed record UserLeft(RoomId Room, User User, int UserCount) : ServerEvent;

    /// <summary>How many users a large or busy room has, in place of single joins and leaves.</summary>
    public sealed record RoomPresence(RoomId Room, int UserCount) : ServerEvent;

    /// <summary>A numbered message of a room.</summary>
    public sealed record Chat(
        RoomId Room, long Seq, string Epoch, string MessageId, User User, ReadOnlyMemory<byte> Message, long Timestamp) : ServerEvent;

    /// <summary>A user is typing.</summary>
    public sealed record UserTyping(RoomId Room, User User) : ServerEvent;

    /// <summary>An application's own event.</summary>
    public sealed record RoomEvent(RoomId Room, string Event, User User, ReadOnlyMemory<byte> Body, long Timestamp) : ServerEvent;

    /// <summary>An item of the inbox sent by a user.</summary>
    public sealed record PrivateMessage(string MessageId, long Seq, User From, ReadOnlyMemory<byte> Message, long Timestamp) : ServerEvent;

    /// <summary>An item of the inbox sent by the application; <paramref name="Body"/> is an object whose fields are laid beside the hub's own.</summary>
    public sealed record Notification(string MessageId, long Seq, ReadOnlyMemory<byte> Body, long Timestamp) : ServerEvent;

    /// <summary>Something for every connection of the cluster; <paramref name="Body"/> is an object.</summary>
    public sealed record Broadcast(ReadOnlyMemory<byte> Body, long Timestamp) : ServerEvent;

    /// <summary>The connection is subscribed.</summary>
    public sealed record Subscribed(TopicName Topic) : ServerEvent;

    /// <summary>The connection is no longer subscribed.</summary>
    public sealed record Unsubscribed(TopicName Topic) : ServerEvent;

    /// <summary>Which topics there are.</summary>
    public sealed record Topics(IReadOnlyList<TopicName> Names) : ServerEvent;

    /// <summary>A topic's new value.</summary>
    public sealed record TopicUpdate(TopicName Topic, long Seq, ReadOnlyMemory<byte> Body, long Timestamp) : ServerEvent;

    /// <summary>A stock's new price; both numbers as they came, <paramref name="Change"/> empty where none did.</summary>
    public sealed record StockUpdate(
        string Symbol, ReadOnlyMemory<byte> Price, ReadOnlyMemory<byte> Change, long Seq, long Timestamp) : ServerEvent;

    /// <summary>An upload is complete.</summary>
    public sealed record FileUploaded(string UploadId, string Filename, long Size, string Sha256, string Url) : ServerEvent;

    /// <summary>A command without id failed, or the connection did.</summary>
    public sealed record Error(CommandError Problem, string? Command) : ServerEvent;

    /// <summary>The server stops: come back after <paramref name="ReconnectAfter"/> milliseconds.</summary>
    public sealed record ServerShutdown(string Message, long ReconnectAfter) : ServerEvent;
}
