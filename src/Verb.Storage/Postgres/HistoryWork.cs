using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Rooms;

namespace Verb.Storage.Postgres;

/// <summary>A <see cref="RoomAppend"/> that waits.</summary>
internal sealed class HistoryWork(RoomAppend append, long bytes, CancellationToken cancellation)
    : PostgresWork($"room/{append.Room}", append.Fence, bytes, cancellation)
{
    /// <summary>
    /// The fence's rows stay locked until the commit, so that no other owner can begin in between. A room's row goes on only from the number
    /// the caller thinks it has, and is made for the first one if it was forgotten; what is trimmed at once is not even inserted.
    /// </summary>
    private const string Sql =
        """
        WITH fence AS MATERIALIZED (
            SELECT id, term FROM shard WHERE id = ANY($1) ORDER BY id FOR SHARE),
        work AS MATERIALIZED (
            SELECT w.*, fence.id IS NOT NULL AS fenced
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                WITH ORDINALITY AS w(shard, term, room, epoch, adds, before, last, through, since, kept, i)
            LEFT JOIN fence ON fence.id = w.shard AND fence.term = w.term),
        made AS (
            INSERT INTO room(name, epoch, last_seq, created)
            SELECT work.room, work.epoch, work.last, 0 FROM work
            WHERE work.fenced AND work.adds AND work.before = 0 AND NOT EXISTS (SELECT FROM room WHERE name = work.room)
            ON CONFLICT DO NOTHING RETURNING id, name),
        advanced AS (
            UPDATE room SET last_seq = work.last FROM work
            WHERE work.fenced AND work.adds AND room.name = work.room AND room.last_seq = work.before
            RETURNING work.i, room.id, work.through, work.since, work.kept),
        done AS MATERIALIZED (
            SELECT d.i, d.id, greatest(d.through, CASE WHEN d.since > 0 THEN coalesce(
                (SELECT h.seq FROM history h WHERE h.room = d.id AND h.timestamp >= d.since ORDER BY h.seq LIMIT 1), d.kept) - 1 END) AS through
            FROM (
                SELECT i, id, through, since, kept FROM advanced
                UNION ALL
                SELECT work.i, made.id, work.through, work.since, work.kept FROM work JOIN made ON made.name = work.room
                UNION ALL
                SELECT work.i, room.id, work.through, work.since, room.last_seq + 1
                FROM work JOIN room ON room.name = work.room WHERE work.fenced AND NOT work.adds) d),
        added AS (
            INSERT INTO history(room, seq, message_id, sender, username, role, body, timestamp)
            SELECT done.id, p.seq, p.message_id, p.sender, p.username, p.role, p.body, p.timestamp
            FROM unnest($11, $12, $13, $14, $15, $16, $17, $18) AS p(i, seq, message_id, sender, username, role, body, timestamp)
            JOIN done ON done.i = p.i WHERE p.seq > done.through),
        remembered AS (
            INSERT INTO dedupe(room, sender, message_id, seq, timestamp, expires)
            SELECT done.id, e.sender, e.message_id, e.seq, e.timestamp, e.expires
            FROM unnest($19, $20, $21, $22, $23, $24) AS e(i, sender, message_id, seq, timestamp, expires)
            JOIN done ON done.i = e.i
            ON CONFLICT(room, sender, message_id)
                DO UPDATE SET seq = excluded.seq, timestamp = excluded.timestamp, expires = excluded.expires),
        trimmed AS (
            DELETE FROM history WHERE ctid = ANY(ARRAY(
                SELECT old.ctid FROM done CROSS JOIN LATERAL (
                    SELECT h.ctid FROM history h WHERE h.room = done.id AND h.seq <= done.through ORDER BY h.seq) old)))
        SELECT work.i, work.fenced, done.i IS NOT NULL,
            CASE WHEN done.i IS NULL THEN (SELECT last_seq FROM room WHERE name = work.room) END
        FROM work LEFT JOIN done ON done.i = work.i
        """;

    public override PostgresStatement Statement => Do;

    private RoomAppend Append => append;

    private bool Adds => append.Publications.Count > 0;

    private long Before => Adds ? append.Publications[0].Seq - 1 : 0;

    private long Last => Adds ? append.Publications[^1].Seq : 0;

    /// <summary>The first of the new numbers that is young enough, where trimming goes by age.</summary>
    private long Kept()
    {
        if (append.TrimBefore > 0)
        {
            foreach (var publication in append.Publications)
            {
                if (publication.Timestamp >= append.TrimBefore)
                    return publication.Seq;
            }
        }

        return Last + 1;
    }

    protected override InvalidOperationException Refusal(long? lastSeq) => new(lastSeq is { } last
        ? $"Seq {Before + 1} of room '{append.Room}' should be {last + 1}."
        : $"Room '{append.Room}' is not there.");

    private static NpgsqlBatchCommand Do(IReadOnlyList<PostgresWork> works)
    {
        var appends = new List<(long I, HistoryWork Work)>(works.Count);
        var publications = new List<(long I, Publication Publication)>();
        var dedupe = new List<(long I, DedupeEntry Entry)>();
        foreach (var work in works.Cast<HistoryWork>())
        {
            var i = appends.Count + 1L;
            appends.Add((i, work));
            foreach (var publication in work.Append.Publications)
                publications.Add((i, publication));
            foreach (var entry in work.Append.Dedupe)
                dedupe.Add((i, entry));
        }

        return new NpgsqlBatchCommand(Sql)
            .With(appends, row => row.Work.Fence.Shard)
            .With(appends, row => row.Work.Fence.Term)
            .With(appends, row => row.Work.Append.Room.Value)
            .With(appends, row => row.Work.Append.Epoch)
            .With(appends, row => row.Work.Adds)
            .With(appends, row => row.Work.Before)
            .With(appends, row => row.Work.Last)
            .With(appends, row => row.Work.Append.TrimThroughSeq)
            .With(appends, row => row.Work.Append.TrimBefore)
            .With(appends, row => row.Work.Kept())
            .With(publications, row => row.I)
            .With(publications, row => row.Publication.Seq)
            .With(publications, row => row.Publication.MessageId)
            .With(publications, row => row.Publication.From.Id.Value)
            .With(publications, row => row.Publication.From.Username)
            .With(publications, row => row.Publication.From.Role)
            .With(publications, row => row.Publication.Message)
            .With(publications, row => row.Publication.Timestamp)
            .With(dedupe, row => row.I)
            .With(dedupe, row => row.Entry.Sender.Value)
            .With(dedupe, row => row.Entry.MessageId)
            .With(dedupe, row => row.Entry.Seq)
            .With(dedupe, row => row.Entry.Timestamp)
            .With(dedupe, row => row.Entry.Expires);
    }
}
