using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Storage.Sqlite;

/// <summary>Rooms' histories in the database of a single node.</summary>
internal sealed class SqliteHistoryStore(SqliteDatabase database) : IHistoryStore
{
    public ValueTask<RoomRecord?> Open(
        RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation) =>
        database.Write(
            session => database.Fences.Holds(fence) ? session.Rooms.Open(room, newEpoch, tail, now, database.Now) : null,
            cancellation);

    public ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation)
    {
        var bytes = 0L;
        foreach (var publication in append.Publications)
            bytes += publication.Size;
        return database.TryWrite(Write, bytes, cancellation) ?? new(AppendResult.Overloaded);

        AppendResult Write(SqliteSession session)
        {
            if (!database.Fences.Holds(append.Fence))
                return AppendResult.FenceLost;
            session.Rooms.Append(append);
            return AppendResult.Committed;
        }
    }

    public ValueTask<HistoryPage> Read(
        RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        database.Read(session => session.Rooms.Read(room, afterSeq, throughSeq, limit, maxBytes), cancellation);

    public ValueTask<HistoryPage> ReadLatest(
        RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        database.Read(session => session.Rooms.ReadLatest(room, beforeSeq, limit, maxBytes), cancellation);
}
