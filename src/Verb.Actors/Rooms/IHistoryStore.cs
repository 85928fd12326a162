using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// Keeps rooms' histories. Safe for concurrent use; writes to one room are made one after the other by its owner.
/// Every call may throw <see cref="StorageException"/>; a cancelled write may have been stored or not, like a failed one.
/// </summary>
public interface IHistoryStore
{
    /// <summary>
    /// Opens a room for writing; an unknown one is created, and its epoch committed, before this completes. A room in which nothing is
    /// published for a day may be forgotten, though it is open. Terms below the fence's are refused from here on.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="fence">The caller's right to write.</param>
    /// <param name="newEpoch">The epoch of a room that is created.</param>
    /// <param name="tail">How many of the latest messages to load.</param>
    /// <param name="now">Entries of the dedupe window that expired by now are left out. Unix milliseconds.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The room's record, or null where the fence is lost.</returns>
    ValueTask<RoomRecord?> Open(RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation);

    /// <summary>
    /// Stores publications and their dedupe entries, and trims, in one transaction; completes once it is committed. The first publication
    /// makes the room if it is not there.
    /// </summary>
    /// <param name="append">What to write.</param>
    /// <param name="cancellation">Gives up waiting; a write that has not begun is withdrawn.</param>
    /// <exception cref="InvalidOperationException">The room is not there, or the numbers do not follow its last seq.
    /// Nothing was stored.</exception>
    ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation);

    /// <summary>Reads forward: what follows <paramref name="afterSeq"/>, up to and with <paramref name="throughSeq"/>.</summary>
    /// <param name="room">The room; an unknown one is empty.</param>
    /// <param name="afterSeq">The last number already known.</param>
    /// <param name="throughSeq">The last number wanted.</param>
    /// <param name="limit">At most so many messages.</param>
    /// <param name="maxBytes">At most so many bytes of <see cref="Publication.Size"/>, but always one message.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    ValueTask<HistoryPage> Read(
        RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation);

    /// <summary>Reads back: the latest messages before <paramref name="beforeSeq"/>, ascending all the same.</summary>
    /// <param name="room">The room; an unknown one is empty.</param>
    /// <param name="beforeSeq">The first number not wanted; <see cref="long.MaxValue"/> for the latest of all.</param>
    /// <param name="limit">At most so many messages.</param>
    /// <param name="maxBytes">At most so many bytes of <see cref="Publication.Size"/>, but always one message.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    ValueTask<HistoryPage> ReadLatest(
        RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation);
}
