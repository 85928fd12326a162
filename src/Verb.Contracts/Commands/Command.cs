namespace Verb.Contracts;

/// <summary>What a client may ask of the hub: one text frame each. A closed set.</summary>
/// <remarks><c>Id</c> is null where the client wants no reply. JSON values are kept as the bytes that came.</remarks>
public abstract record Command
{
    private Command(string? id) => Id = id;

    /// <summary>The client's correlation id, 1 to 64 characters, or null.</summary>
    public string? Id { get; }

    /// <summary>The <c>type</c> of the frame.</summary>
    public abstract string Type { get; }

    /// <summary>Presents a token, at first or to renew it.</summary>
    public sealed record Authenticate(string? Id, string Token) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "auth";

        /// <summary>Keeps the token out of logs.</summary>
        public override string ToString() => "auth";
    }

    /// <summary>Names an anonymous user.</summary>
    public sealed record SetUsername(string? Id, string Username) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "set_username";
    }

    /// <summary>An application-level ping; <paramref name="Timestamp"/> is the JSON number that came, empty where none did.</summary>
    public sealed record Ping(string? Id, ReadOnlyMemory<byte> Timestamp) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "ping";
    }

    /// <summary>Joins a room, or joins again.</summary>
    public sealed record JoinRoom(string? Id, RoomId Room, Position? Since, bool Echo) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "join_room";
    }

    /// <summary>Leaves a room.</summary>
    public sealed record LeaveRoom(string? Id, RoomId Room) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "leave_room";
    }

    /// <summary>Publishes a numbered message to a room.</summary>
    public sealed record Chat(string? Id, RoomId Room, ReadOnlyMemory<byte> Message, string? MessageId) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "chat";
    }

    /// <summary>Says that the user is typing.</summary>
    public sealed record Typing(string? Id, RoomId Room) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "typing";
    }

    /// <summary>Sends an application's own event to a room, unstored.</summary>
    public sealed record SendRoomEvent(string? Id, RoomId Room, string Event, ReadOnlyMemory<byte> Body) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "room_event";
    }

    /// <summary>Asks who is in a room: a page after the user id <paramref name="After"/>.</summary>
    public sealed record Members(string? Id, RoomId Room, string? After, int Limit) : Command(Id)
    {
        /// <summary>The largest page.</summary>
        public const int MaxLimit = 500;

        /// <inheritdoc/>
        public override string Type => "members";
    }

    /// <summary>Asks for a room's history.</summary>
    public sealed record History(string? Id, RoomId Room, Position? Since, long? Before, int Limit) : Command(Id)
    {
        /// <summary>How many messages are given where no limit is asked for.</summary>
        public const int DefaultLimit = 20;

        /// <summary>The largest page.</summary>
        public const int MaxLimit = 1000;

        /// <inheritdoc/>
        public override string Type => "history";
    }

    /// <summary>Sends a message to a user's inbox.</summary>
    public sealed record SendPrivateMessage(string? Id, UserId Target, ReadOnlyMemory<byte> Message, string? MessageId) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "private_message";
    }

    /// <summary>Acknowledges the inbox up to and with <paramref name="Seq"/>.</summary>
    public sealed record InboxAck(string? Id, long Seq) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "inbox_ack";
    }

    /// <summary>Subscribes to a topic.</summary>
    public sealed record Subscribe(string? Id, TopicName Topic) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "subscribe";
    }

    /// <summary>Unsubscribes from a topic.</summary>
    public sealed record Unsubscribe(string? Id, TopicName Topic) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "unsubscribe";
    }

    /// <summary>Asks which topics there are.</summary>
    public sealed record GetTopics(string? Id) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "get_topics";
    }

    /// <summary>Publishes a topic's new value.</summary>
    public sealed record Publish(string? Id, TopicName Topic, ReadOnlyMemory<byte> Body) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "publish";
    }

    /// <summary>Begins a chunked upload; <paramref name="ChunkSize"/> is the most bytes a chunk shall have.</summary>
    public sealed record FileStart(string? Id, string Name, long Size, string MimeType, RoomId? Room, int? ChunkSize = null) : Command(Id)
    {
        /// <summary>The smallest chunks that may be asked for, in bytes.</summary>
        public const int LeastChunkSize = 1024;

        /// <inheritdoc/>
        public override string Type => "file_start";
    }

    /// <summary>Ends a chunked upload.</summary>
    public sealed record FileEnd(string? Id, string UploadId) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "file_end";
    }

    /// <summary>Names the room that audio and video frames go to.</summary>
    public sealed record Media(string? Id, RoomId Room) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "media";
    }

    /// <summary>An admin's command; <paramref name="Frame"/> is the whole JSON object.</summary>
    public sealed record Admin(string? Id, string Name, UserId? User, RoomId? Room, ReadOnlyMemory<byte> Frame) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => "admin_command";
    }

    /// <summary>Any other type: a request that the host application may have registered.</summary>
    public sealed record Request(string? Id, string Name, ReadOnlyMemory<byte> Payload) : Command(Id)
    {
        /// <inheritdoc/>
        public override string Type => Name;
    }
}
