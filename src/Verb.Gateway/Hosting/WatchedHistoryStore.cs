using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Gateway.Hosting;

/// <summary>A history store whose failures and refusals the operator hears of.</summary>
internal sealed class WatchedHistoryStore(IHistoryStore store, StorageLog log) : IHistoryStore
{
    public ValueTask<RoomRecord?> Open(RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation) =>
        log.Watch(fence, store.Open(room, fence, newEpoch, tail, now, cancellation));

    public ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation) =>
        log.Watch(append.Fence, store.Append(append, cancellation));

    public ValueTask<HistoryPage> Read(RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        log.Watch(store.Read(room, afterSeq, throughSeq, limit, maxBytes, cancellation));

    public ValueTask<HistoryPage> ReadLatest(RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        log.Watch(store.ReadLatest(room, beforeSeq, limit, maxBytes, cancellation));
}
