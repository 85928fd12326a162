using System.Runtime.InteropServices;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// History for rooms that are not durable, and for tests: gone with the process. Of more rooms than it may hold it forgets
/// those not written or opened for longest; they begin a new epoch when they are opened again.
/// </summary>
/// <param name="maxRooms">How many rooms to remember.</param>
public sealed class InMemoryHistoryStore(int maxRooms = 10_000) : IHistoryStore
{
    private readonly Lock _lock = new();
    private readonly FenceTable _fences = new();
    private readonly Dictionary<RoomId, (RoomHistory History, long Touched)> _rooms = [];
    private long _touches;

    /// <inheritdoc/>
    public ValueTask<RoomRecord?> Open(
        RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_fences.Holds(fence))
                return new((RoomRecord?)null);
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_rooms, room, out var known);
            entry = (known ? entry.History : new RoomHistory(newEpoch), ++_touches);
            var record = entry.History.Load(tail, now);
            if (_rooms.Count > maxRooms)
                ForgetOldest();
            return new(record);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_fences.Holds(append.Fence))
                return new(AppendResult.FenceLost);
            if (!_rooms.ContainsKey(append.Room) && append.Publications is not [{ Seq: 1 }, ..])
                throw new InvalidOperationException($"Room '{append.Room}' is not there.");
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_rooms, append.Room, out var known);
            entry = (known ? entry.History : new RoomHistory(append.Epoch), ++_touches);
            entry.History.Append(append);
            return new(AppendResult.Committed);
        }
    }

    /// <inheritdoc/>
    public ValueTask<HistoryPage> Read(
        RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        Page(room, afterSeq, Math.Min(throughSeq, long.MaxValue - 1) + 1, limit, maxBytes, forward: true, cancellation);

    /// <inheritdoc/>
    public ValueTask<HistoryPage> ReadLatest(
        RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        Page(room, 0, beforeSeq, limit, maxBytes, forward: false, cancellation);

    private ValueTask<HistoryPage> Page(
        RoomId room, long afterSeq, long beforeSeq, int limit, int maxBytes, bool forward, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new(_rooms.TryGetValue(room, out var entry)
                ? entry.History.Page(Math.Min(afterSeq, long.MaxValue - 1), beforeSeq, limit, maxBytes, forward)
                : new HistoryPage([], true, 1));
        }
    }

    private void ForgetOldest()
    {
        var excess = _rooms.Count - maxRooms + maxRooms / 16;
        foreach (var (room, _) in _rooms.OrderBy(pair => pair.Value.Touched).Take(excess).ToArray())
            _rooms.Remove(room);
    }
}
