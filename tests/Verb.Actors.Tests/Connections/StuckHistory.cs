using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Tests.Connections;

/// <summary>A history in memory whose writes and reads can be held back.</summary>
internal sealed class StuckHistory : IHistoryStore
{
    private readonly InMemoryHistoryStore _store = new();
    private TaskCompletionSource? _held;

    public void Hold() => _held ??= new TaskCompletionSource();

    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    public ValueTask<RoomRecord?> Open(RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation) =>
        _store.Open(room, fence, newEpoch, tail, now, cancellation);

    public async ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation)
    {
        if (_held is { } held)
            await held.Task;
        return await _store.Append(append, cancellation);
    }

    public async ValueTask<HistoryPage> Read(
        RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation)
    {
        if (_held is { } held)
            await held.Task;
        return await _store.Read(room, afterSeq, throughSeq, limit, maxBytes, cancellation);
    }

    public async ValueTask<HistoryPage> ReadLatest(
        RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation)
    {
        if (_held is { } held)
            await held.Task;
        return await _store.ReadLatest(room, beforeSeq, limit, maxBytes, cancellation);
    }
}
