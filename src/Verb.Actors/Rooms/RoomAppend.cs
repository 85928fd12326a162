using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>One atomic write to a room's history. Without publications it only trims.</summary>
/// <param name="Room">The room, which has been opened.</param>
/// <param name="Fence">The writer's right to write.</param>
/// <param name="Epoch">The epoch it was opened with: a room without a message may have been forgotten since, and begins anew under it.</param>
/// <param name="Publications">Ascending without gaps; the first follows the room's last seq.</param>
/// <param name="Dedupe">What to remember with them.</param>
/// <param name="TrimThroughSeq">Everything up to here goes; 0 trims nothing.</param>
/// <param name="TrimBefore">Everything older than this goes, Unix milliseconds; 0 trims nothing.</param>
public sealed record RoomAppend(
    RoomId Room,
    Fence Fence,
    string Epoch,
    IReadOnlyList<Publication> Publications,
    IReadOnlyList<DedupeEntry> Dedupe,
    long TrimThroughSeq = 0,
    long TrimBefore = 0);
