namespace Verb.Contracts;

/// <summary>
/// The hub as the host application sees it: publish, notify, look, remove. Every call answers within its time; JSON is given and forwarded
/// as UTF-8 bytes and must be valid. A refused call is an <see cref="Answer"/> with an error, not an exception.
/// </summary>
public interface IVerbHub
{
    /// <summary>Publishes a numbered message to a room and waits until it is kept. Data: <see cref="ReplyBody.Published"/>.</summary>
    /// <param name="room">The room; it need not have members.</param>
    /// <param name="message">Any JSON value.</param>
    /// <param name="messageId">The caller's id for it, 1 to 64 characters: sent again, it is stored once. Null: the hub draws one.</param>
    /// <param name="from">Who publishes; null: <see cref="User.Application"/>.</param>
    /// <param name="cancellation">Gives up waiting; the message may be stored all the same.</param>
    Task<Answer> PublishAsync(
        RoomId room, ReadOnlyMemory<byte> message, string? messageId = null, User? from = null, CancellationToken cancellation = default);

    /// <summary>Publishes a topic's new value. Data: <see cref="ReplyBody.TopicPublished"/>.</summary>
    Task<Answer> PublishAsync(TopicName topic, ReadOnlyMemory<byte> value, CancellationToken cancellation = default);

    /// <summary>Leaves a notification in a user's inbox; a JSON object. Data: <see cref="ReplyBody.Delivered"/>.</summary>
    Task<Answer> NotifyAsync(UserId user, ReadOnlyMemory<byte> body, string? messageId = null, CancellationToken cancellation = default);

    /// <summary>Tells every connection, unstored; a JSON object. The number of connections told on this node.</summary>
    int Broadcast(ReadOnlyMemory<byte> body);

    /// <summary>Ends every connection of a user with 4004. <see cref="ErrorCode.NotFound"/> where there is none.</summary>
    Task<Answer> KickAsync(UserId user, CancellationToken cancellation = default);

    /// <summary>Puts everyone out of a room; its history stays.</summary>
    Task<Answer> CloseRoomAsync(RoomId room, CancellationToken cancellation = default);

    /// <summary>How many are in a room and how far its history is. Data: <see cref="ReplyBody.RoomState"/>.</summary>
    /// <param name="room">The room.</param>
    /// <param name="reader">Whose read right is asked; null: the application's.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<Answer> GetRoomAsync(RoomId room, Identity? reader = null, CancellationToken cancellation = default);

    /// <summary>A page of a room's members, in the order of their ids. Data: <see cref="ReplyBody.MemberPage"/>.</summary>
    Task<Answer> GetMembersAsync(
        RoomId room, string? after = null, int limit = Command.Members.MaxLimit, Identity? reader = null, CancellationToken cancellation = default);

    /// <summary>A page of a room's history, ascending. Data: <see cref="ReplyBody.HistoryPage"/>.</summary>
    Task<Answer> GetHistoryAsync(
        RoomId room,
        Position? since = null,
        long? before = null,
        int limit = Command.History.DefaultLimit,
        Identity? reader = null,
        CancellationToken cancellation = default);

    /// <summary>Whether a user may read a room: <c>{}</c> or <see cref="ErrorCode.Forbidden"/>.</summary>
    Task<Answer> CheckReadAsync(RoomId room, Identity reader, CancellationToken cancellation = default);
}
