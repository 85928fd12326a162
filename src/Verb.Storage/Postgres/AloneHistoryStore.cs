using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>The histories of a hub that is alone and claimed every shard: whatever fence it names, the claimed term counts.</summary>
internal sealed class AloneHistoryStore(IHistoryStore store, IReadOnlyList<long> terms) : IHistoryStore
{
    public ValueTask<RoomRecord?> Open(RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation) =>
        store.Open(room, Claimed(room), newEpoch, tail, now, cancellation);

    public ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation) =>
        store.Append(append with { Fence = Claimed(append.Room) }, cancellation);

    public ValueTask<HistoryPage> Read(RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        store.Read(room, afterSeq, throughSeq, limit, maxBytes, cancellation);

    public ValueTask<HistoryPage> ReadLatest(RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        store.ReadLatest(room, beforeSeq, limit, maxBytes, cancellation);

    private Fence Claimed(RoomId room)
    {
        var shard = Shards.Of(room);
        return new(shard, terms[shard]);
    }
}
