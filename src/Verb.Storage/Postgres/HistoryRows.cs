using Npgsql;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>
/// A part of a room's history as one statement gives it, so that all of it is of one moment: every row begins with the room's own columns,
/// and there is one without a message where there are none.
/// </summary>
/// <param name="Epoch">The room's epoch; null for a room that is not known.</param>
/// <param name="LastSeq">The last number given.</param>
/// <param name="FirstSeq">The first number still held, one after the last where there is none.</param>
/// <param name="Messages">In the order they were read.</param>
/// <param name="Complete">False where the limit or the bytes cut it.</param>
internal sealed record HistoryRows(string? Epoch, long LastSeq, long FirstSeq, List<Publication> Messages, bool Complete)
{
    private static readonly string ForwardSql = Sql("h.seq > $4 AND h.seq <= $5", "seq");
    private static readonly string LatestSql = Sql("h.seq < $4", "seq DESC");

    public static NpgsqlBatchCommand Forward(RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes) =>
        new NpgsqlBatchCommand(ForwardSql).With(room.Value).With(limit + 1L).With((long)maxBytes).With(afterSeq).With(throughSeq);

    public static NpgsqlBatchCommand Latest(RoomId room, long beforeSeq, int limit, int maxBytes) =>
        new NpgsqlBatchCommand(LatestSql).With(room.Value).With(limit + 1L).With((long)maxBytes).With(beforeSeq);

    public static async Task<HistoryRows> Read(NpgsqlDataReader reader, int limit, int maxBytes, CancellationToken cancellation)
    {
        string? epoch = null;
        var (lastSeq, firstSeq) = (0L, 1L);
        var messages = new List<Publication>();
        var (bytes, total) = (0L, 0L);
        while (await reader.ReadAsync(cancellation))
        {
            if (epoch is null)
                (epoch, lastSeq, firstSeq) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
            if (await reader.IsDBNullAsync(3, cancellation))
                break;
            total = reader.GetInt64(3);
            var publication = new Publication(
                reader.GetInt64(4),
                reader.GetString(5),
                new User(new UserId(reader.GetString(6)), reader.GetString(7), reader.GetString(8)),
                reader.GetFieldValue<byte[]>(9),
                reader.GetInt64(10));
            bytes += publication.Size;
            if (messages.Count >= limit || (messages.Count > 0 && bytes > maxBytes))
                break;
            messages.Add(publication);
        }

        return new HistoryRows(epoch, lastSeq, firstSeq, messages, messages.Count == total);
    }

    /// <summary>
    /// Not many more bytes are read than are wanted: a message comes only if the bodies before it leave room. The exact cut, by the size
    /// on the wire, is made by whoever reads the rows.
    /// </summary>
    private static string Sql(string which, string order) =>
        $"""
        SELECT r.epoch, r.last_seq, r.first, s.total, s.seq, s.message_id, s.sender, s.username, s.role, s.body, s.timestamp
        FROM (
            SELECT id, epoch, last_seq, coalesce(
                (SELECT h.seq FROM history h WHERE h.room = room.id ORDER BY h.seq LIMIT 1), last_seq + 1) AS first
            FROM room WHERE name = $1) r
        LEFT JOIN LATERAL (
            SELECT * FROM (
                SELECT l.*, count(*) OVER () AS total,
                    sum(octet_length(l.body)) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) - octet_length(l.body) AS ahead
                FROM (SELECT * FROM history h WHERE h.room = r.id AND {which} ORDER BY {order} LIMIT $2) l) w
            WHERE w.ahead <= $3) s ON true
        ORDER BY {order}
        """;
}
