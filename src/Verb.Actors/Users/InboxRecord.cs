using Verb.Actors.Durability;

namespace Verb.Actors.Users;

/// <summary>What a user finds when it is opened.</summary>
/// <param name="Seen">Whether the user ever connected; notifications may wait for one who never did.</param>
/// <param name="LastSeq">The last number given, 0 for none.</param>
/// <param name="AckedSeq">Everything up to here has been acknowledged.</param>
/// <param name="Items">What is unacknowledged, ascending.</param>
/// <param name="Dedupe">Every entry that has not expired, ascending by seq.</param>
public sealed record InboxRecord(
    bool Seen, long LastSeq, long AckedSeq, IReadOnlyList<InboxItem> Items, IReadOnlyList<DedupeEntry> Dedupe)
{
    /// <summary>A user nothing is known of.</summary>
    public static InboxRecord Empty { get; } = new(false, 0, 0, [], []);
}
