using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.TestKit.Simulation;

/// <summary>A node's way to the histories.</summary>
internal sealed class SimHistoryStore(SimDatabase database, SimProcess process, NodeId node) : IHistoryStore
{
    /// <inheritdoc/>
    public async ValueTask<RoomRecord?> Open(
        RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation) =>
        await database.Call(process, "open", () => database.Holds(node, fence) ? database.Open(room, newEpoch, tail, now) : null, cancellation);

    /// <inheritdoc/>
    public async ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation) =>
        await database.Write(process, "append", node, append.Fence, () => database.Append(append), cancellation);

    /// <inheritdoc/>
    public async ValueTask<HistoryPage> Read(
        RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation) => await database.Call(
            process, "read", () => database.Page(room, afterSeq, Math.Min(throughSeq, long.MaxValue - 1) + 1, limit, maxBytes, forward: true), cancellation);

    /// <inheritdoc/>
    public async ValueTask<HistoryPage> ReadLatest(
        RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        await database.Call(process, "read", () => database.Page(room, 0, beforeSeq, limit, maxBytes, forward: false), cancellation);
}
