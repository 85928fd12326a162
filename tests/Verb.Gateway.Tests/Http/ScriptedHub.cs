using System.Text;
using Verb.Contracts;

namespace Verb.Gateway.Tests.Http;

/// <summary>Notes what it is asked and answers as told.</summary>
internal sealed class ScriptedHub : IVerbHub
{
    public List<string> Calls { get; } = [];

    public Answer Next { get; set; } = Answer.Done;

    public Exception? Failure { get; set; }

    public User? LastSender { get; private set; }

    public Identity? LastReader { get; private set; }

    public Task<Answer> PublishAsync(
        RoomId room, ReadOnlyMemory<byte> message, string? messageId = null, User? from = null, CancellationToken cancellation = default)
    {
        LastSender = from;
        return Note($"publish {room} {Text(message)} {messageId ?? "-"}");
    }

    public Task<Answer> PublishAsync(TopicName topic, ReadOnlyMemory<byte> value, CancellationToken cancellation = default) =>
        Note($"topic {topic} {Text(value)}");

    public Task<Answer> NotifyAsync(UserId user, ReadOnlyMemory<byte> body, string? messageId = null, CancellationToken cancellation = default) =>
        Note($"notify {user} {Text(body)} {messageId ?? "-"}");

    public int Broadcast(ReadOnlyMemory<byte> body)
    {
        Calls.Add($"broadcast {Text(body)}");
        return 3;
    }

    public Task<Answer> KickAsync(UserId user, CancellationToken cancellation = default) => Note($"kick {user}");

    public Task<Answer> CloseRoomAsync(RoomId room, CancellationToken cancellation = default) => Note($"close {room}");

    public Task<Answer> GetRoomAsync(RoomId room, Identity? reader = null, CancellationToken cancellation = default) => Read(reader, $"room {room}");

    public Task<Answer> GetMembersAsync(
        RoomId room, string? after = null, int limit = Command.Members.MaxLimit, Identity? reader = null, CancellationToken cancellation = default) =>
        Read(reader, $"members {room} {after ?? "-"} {limit}");

    public Task<Answer> GetHistoryAsync(
        RoomId room,
        Position? since = null,
        long? before = null,
        int limit = Command.History.DefaultLimit,
        Identity? reader = null,
        CancellationToken cancellation = default) =>
        Read(reader, $"history {room} {(since is null ? "-" : $"{since.Epoch}/{since.Seq}")} {before?.ToString() ?? "-"} {limit}");

    public Task<Answer> CheckReadAsync(RoomId room, Identity reader, CancellationToken cancellation = default) => Read(reader, $"check {room}");

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private Task<Answer> Read(Identity? reader, string call)
    {
        LastReader = reader;
        return Note(call);
    }

    private Task<Answer> Note(string call)
    {
        Calls.Add(call);
        return Failure is null ? Task.FromResult(Next) : Task.FromException<Answer>(Failure);
    }
}
