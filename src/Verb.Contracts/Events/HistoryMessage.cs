namespace Verb.Contracts;

/// <summary>One numbered message as it stands in a room's history.</summary>
/// <param name="Seq">Its number within the epoch.</param>
/// <param name="MessageId">The publisher's id for it, or the hub's.</param>
/// <param name="User">Who sent it, as they were then.</param>
/// <param name="Message">Any JSON value, the bytes that came.</param>
/// <param name="Timestamp">When the room took it, Unix milliseconds.</param>
public sealed record HistoryMessage(long Seq, string MessageId, User User, ReadOnlyMemory<byte> Message, long Timestamp);
