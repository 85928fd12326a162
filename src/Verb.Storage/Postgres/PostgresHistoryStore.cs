using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>Rooms' histories in a database that nodes share.</summary>
internal sealed class PostgresHistoryStore(PostgresDatabase database) : IHistoryStore
{
    private const string Make =
        """
        WITH fence AS MATERIALIZED (SELECT id FROM shard WHERE id = $1 AND term = $2 FOR SHARE),
        made AS (
            INSERT INTO room(name, epoch, created) SELECT $3, $4, $5 FROM fence WHERE NOT EXISTS (SELECT FROM room WHERE name = $3)
            ON CONFLICT DO NOTHING)
        SELECT count(*) FROM fence
        """;

    private const string Dedupe =
        """
        SELECT sender, message_id, seq, timestamp, expires FROM dedupe
        WHERE room = (SELECT id FROM room WHERE name = $1) AND expires > $2 ORDER BY seq
        """;

    public async ValueTask<RoomRecord?> Open(
        RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation)
    {
        // Rooms are dated by the clock that later judges them, not by the caller's.
        var created = database.Time.Now;
        return await database.ReadBack(
            fence,
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(new NpgsqlBatchCommand(Make)
                    .With(fence.Shard).With(fence.Term).With(room.Value).With(newEpoch).With(created));
                batch.BatchCommands.Add(HistoryRows.Latest(room, long.MaxValue, tail, int.MaxValue));
                batch.BatchCommands.Add(new NpgsqlBatchCommand(Dedupe).With(room.Value).With(now));
                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                await reader.ReadAsync(cancellation);
                if (reader.GetInt64(0) == 0)
                    return null;
                await reader.NextResultAsync(cancellation);
                var rows = await HistoryRows.Read(reader, tail, int.MaxValue, cancellation);
                rows.Messages.Reverse();
                await reader.NextResultAsync(cancellation);
                var dedupe = await DedupeRows.Read(reader, cancellation);
                await reader.NextResultAsync(cancellation);
                return new RoomRecord(rows.Epoch ?? newEpoch, rows.LastSeq, rows.FirstSeq, rows.Messages, dedupe);
            },
            cancellation);
    }

    public ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation)
    {
        var bytes = 0L;
        var next = append.Publications.Count == 0 ? 0 : append.Publications[0].Seq;
        foreach (var publication in append.Publications)
        {
            if (publication.Seq != next++)
                throw new InvalidOperationException($"Seq {publication.Seq} of room '{append.Room}' should be {next - 1}.");
            bytes += publication.Size;
        }

        return database.Write(new HistoryWork(append, bytes, cancellation), cancellation);
    }

    public ValueTask<HistoryPage> Read(
        RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        Page(HistoryRows.Forward(room, afterSeq, throughSeq, limit, maxBytes), limit, maxBytes, false, cancellation);

    public ValueTask<HistoryPage> ReadLatest(
        RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation) =>
        Page(HistoryRows.Latest(room, beforeSeq, limit, maxBytes), limit, maxBytes, true, cancellation);

    private async ValueTask<HistoryPage> Page(NpgsqlBatchCommand command, int limit, int maxBytes, bool descending, CancellationToken cancellation) =>
        await database.Run(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(command);
                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                var rows = await HistoryRows.Read(reader, limit, maxBytes, cancellation);
                if (descending)
                    rows.Messages.Reverse();
                return new HistoryPage(rows.Messages, rows.Complete, rows.FirstSeq);
            },
            cancellation);
}
