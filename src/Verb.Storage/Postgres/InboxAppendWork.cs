using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Users;

namespace Verb.Storage.Postgres;

/// <summary>An <see cref="InboxAppend"/> that waits.</summary>
internal sealed class InboxAppendWork(InboxAppend append, CancellationToken cancellation)
    : PostgresWork($"user/{append.User}", append.Fence, append.Item.Body.Length, cancellation)
{
    private const string Sql =
        """
        WITH fence AS MATERIALIZED (
            SELECT id, term FROM shard WHERE id = ANY($1) ORDER BY id FOR SHARE),
        work AS MATERIALIZED (
            SELECT w.*, fence.id IS NOT NULL AS fenced
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) WITH ORDINALITY
                AS w(shard, term, name, seq, message_id, kind, sender, username, role, body, timestamp, through, i)
            LEFT JOIN fence ON fence.id = w.shard AND fence.term = w.term),
        advanced AS (
            INSERT INTO recipient(name, last_seq) SELECT name, seq FROM work WHERE fenced AND seq > 0
            ON CONFLICT(name) DO UPDATE SET last_seq = excluded.last_seq WHERE recipient.last_seq < excluded.last_seq
            RETURNING id, name),
        done AS MATERIALIZED (
            SELECT advanced.id, work.* FROM work JOIN advanced ON advanced.name = work.name),
        added AS (
            INSERT INTO inbox(recipient, seq, message_id, kind, sender, username, role, body, timestamp)
            SELECT id, seq, message_id, kind, sender, username, role, body, timestamp FROM done),
        remembered AS (
            INSERT INTO inbox_dedupe(recipient, sender, message_id, seq, timestamp, expires)
            SELECT done.id, e.sender, e.message_id, e.seq, e.timestamp, e.expires
            FROM unnest($13, $14, $15, $16, $17, $18) AS e(i, sender, message_id, seq, timestamp, expires)
            JOIN done ON done.i = e.i
            ON CONFLICT(recipient, sender, message_id)
                DO UPDATE SET seq = excluded.seq, timestamp = excluded.timestamp, expires = excluded.expires),
        dropped AS (
            DELETE FROM inbox WHERE ctid = ANY(ARRAY(
                SELECT old.ctid FROM done CROSS JOIN LATERAL (
                    SELECT n.ctid FROM inbox n WHERE n.recipient = done.id AND n.seq <= done.through ORDER BY n.seq) old)))
        SELECT work.i, work.fenced, done.i IS NOT NULL,
            CASE WHEN done.i IS NULL THEN (SELECT last_seq FROM recipient WHERE name = work.name) END
        FROM work LEFT JOIN done ON done.i = work.i
        """;

    public override PostgresStatement Statement => Do;

    private InboxAppend Append => append;

    protected override InvalidOperationException Refusal(long? lastSeq) =>
        new($"Seq {append.Item.Seq} of '{append.User}' should be above {lastSeq ?? 0}.");

    private static NpgsqlBatchCommand Do(IReadOnlyList<PostgresWork> works)
    {
        InboxAppend[] appends = [.. works.Cast<InboxAppendWork>().Select(work => work.Append)];
        var dedupe = new List<(long I, DedupeEntry Entry)>();
        for (var i = 0; i < appends.Length; i++)
        {
            if (appends[i].Dedupe is { } entry)
                dedupe.Add((i + 1, entry));
        }

        return new NpgsqlBatchCommand(Sql)
            .With(appends, row => row.Fence.Shard)
            .With(appends, row => row.Fence.Term)
            .With(appends, row => row.User.Value)
            .With(appends, row => row.Item.Seq)
            .With(appends, row => row.Item.MessageId)
            .With(appends, row => (int)row.Item.Kind)
            .With(appends, row => row.Item.From?.Id.Value)
            .With(appends, row => row.Item.From?.Username)
            .With(appends, row => row.Item.From?.Role)
            .With(appends, row => row.Item.Body)
            .With(appends, row => row.Item.Timestamp)
            .With(appends, row => row.DropThroughSeq)
            .With(dedupe, row => row.I)
            .With(dedupe, row => row.Entry.Sender.Value)
            .With(dedupe, row => row.Entry.MessageId)
            .With(dedupe, row => row.Entry.Seq)
            .With(dedupe, row => row.Entry.Timestamp)
            .With(dedupe, row => row.Entry.Expires);
    }
}
