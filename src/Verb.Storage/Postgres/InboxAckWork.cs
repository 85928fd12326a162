using Npgsql;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>An acknowledgement that waits.</summary>
internal sealed class InboxAckWork(UserId user, Fence fence, long seq, CancellationToken cancellation)
    : PostgresWork($"user/{user}", fence, 0, cancellation)
{
    private const string Sql =
        """
        WITH fence AS MATERIALIZED (
            SELECT id, term FROM shard WHERE id = ANY($1) ORDER BY id FOR SHARE),
        work AS MATERIALIZED (
            SELECT w.*, fence.id IS NOT NULL AS fenced
            FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS w(shard, term, name, seq, i)
            LEFT JOIN fence ON fence.id = w.shard AND fence.term = w.term),
        acked AS (
            UPDATE recipient SET acked_seq = least(work.seq, recipient.last_seq) FROM work
            WHERE work.fenced AND recipient.name = work.name AND recipient.acked_seq < least(work.seq, recipient.last_seq)
            RETURNING recipient.id, recipient.acked_seq),
        dropped AS (
            DELETE FROM inbox WHERE ctid = ANY(ARRAY(
                SELECT old.ctid FROM acked CROSS JOIN LATERAL (
                    SELECT n.ctid FROM inbox n WHERE n.recipient = acked.id AND n.seq <= acked.acked_seq ORDER BY n.seq) old)))
        SELECT i, fenced, true, NULL::bigint FROM work
        """;

    public override PostgresStatement Statement => Do;

    private string User => user.Value;

    private long Seq => seq;

    protected override InvalidOperationException Refusal(long? lastSeq) => new($"The acknowledgement of '{user}' was not taken.");

    private static NpgsqlBatchCommand Do(IReadOnlyList<PostgresWork> works)
    {
        InboxAckWork[] acks = [.. works.Cast<InboxAckWork>()];
        return new NpgsqlBatchCommand(Sql)
            .With(acks, work => work.Fence.Shard)
            .With(acks, work => work.Fence.Term)
            .With(acks, work => work.User)
            .With(acks, work => work.Seq);
    }
}
