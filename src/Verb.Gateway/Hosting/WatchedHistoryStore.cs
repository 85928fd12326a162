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
        log.Watch(Size(append.Publications), append.Fence, store.Append(append, cancellation));

    public ValueTask<HistoryPage> Read(RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        log.Watch(StorageWork.Read, store.Read(room, afterSeq, throughSeq, limit, maxBytes, cancellation));

    public ValueTask<HistoryPage> ReadLatest(RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        log.Watch(StorageWork.Read, store.ReadLatest(room, beforeSeq, limit, maxBytes, cancellation));

    private static long Size(IReadOnlyList<Publication> publications)
    {
        var bytes = 0L;
        for (var i = 0; i < publications.Count; i++)
            bytes += publications[i].Message.Length;
        return bytes;
    }
}
