using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>Something kept for a user until acknowledged.</summary>
/// <param name="Seq">Its number in the user's inbox, ascending.</param>
/// <param name="MessageId">The sender's own id, or one drawn for it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="From">Who sent it; null for a notification.</param>
/// <param name="Body">The JSON as the bytes that came. Never changed once handed over.</param>
/// <param name="Timestamp">When the inbox took it, Unix milliseconds.</param>
public sealed record InboxItem(
    long Seq, string MessageId, InboxItemKind Kind, User? From, ReadOnlyMemory<byte> Body, long Timestamp);
