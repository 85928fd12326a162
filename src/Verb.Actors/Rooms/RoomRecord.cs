using Verb.Actors.Durability;

namespace Verb.Actors.Rooms;

/// <summary>What a room finds when it is opened.</summary>
/// <param name="Epoch">The lineage of its history; already committed, so it is the same after a crash.</param>
/// <param name="LastSeq">The last number given, 0 for none. Trimming never lowers it.</param>
/// <param name="FirstSeq">The oldest number history still holds, <c>LastSeq + 1</c> where it holds none.</param>
/// <param name="Tail">The latest messages, ascending.</param>
/// <param name="Dedupe">Every entry that has not expired, ascending by seq.</param>
public sealed record RoomRecord(
    string Epoch, long LastSeq, long FirstSeq, IReadOnlyList<Publication> Tail, IReadOnlyList<DedupeEntry> Dedupe);
