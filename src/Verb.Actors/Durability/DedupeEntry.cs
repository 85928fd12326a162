using Verb.Contracts;

namespace Verb.Actors.Durability;

/// <summary>Remembers that a sender's message was stored, so that the same message sent again gets the first answer.</summary>
/// <param name="Sender">Who sent it.</param>
/// <param name="MessageId">The sender's own id of the message.</param>
/// <param name="Seq">The number it was stored under.</param>
/// <param name="Timestamp">When it was stored, Unix milliseconds.</param>
/// <param name="Expires">From when on the entry may be forgotten, Unix milliseconds. Trimming history does not touch it.</param>
public sealed record DedupeEntry(UserId Sender, string MessageId, long Seq, long Timestamp, long Expires);
