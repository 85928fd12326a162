using System.Text;
using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Storage.Tests.Contracts;

/// <summary>What the contract suites write.</summary>
public static class Given
{
    public const long Now = 1_790_000_000_000;

    public static readonly Fence Fence = new(7, 3);
    public static readonly RoomId Lobby = new("lobby");
    public static readonly User Ann = new(new UserId("ann"), "Ann Ünïcode 🙂", "user");
    public static readonly User Bob = new(new UserId("bob"), "Bob", "admin");

    public static Publication Publication(long seq, string? message = null, long? at = null) =>
        new(seq, $"m{seq}", Ann, Encoding.UTF8.GetBytes(message ?? $"\"hello {seq}\""), at ?? Now + seq);

    public static Publication[] Publications(long first, long last) =>
        [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Publication(first + i))];

    public static DedupeEntry Entry(long seq, long expires = Now + 600_000) =>
        new(Ann.Id, $"m{seq}", seq, Now + seq, expires);

    public static RoomAppend Append(RoomId room, long first, long last, long trimThrough = 0, long trimBefore = 0) =>
        new(room, Fence, "e1", Publications(first, last), [], trimThrough, trimBefore);

    public static string Text(this ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
