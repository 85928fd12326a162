using Npgsql;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>The note that a user is here, which waits.</summary>
internal sealed class InboxSeenWork(UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation)
    : PostgresWork($"user/{user}", fence, 0, cancellation)
{
    private const string Sql =
        """
        WITH fence AS MATERIALIZED (
            SELECT id, term FROM shard WHERE id = ANY($1) ORDER BY id FOR SHARE),
        work AS MATERIALIZED (
            SELECT w.*, fence.id IS NOT NULL AS fenced
            FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS w(shard, term, name, at, anonymous, i)
            LEFT JOIN fence ON fence.id = w.shard AND fence.term = w.term),
        seen AS (
            INSERT INTO recipient(name, seen, anonymous) SELECT name, at, anonymous FROM work WHERE fenced
            ON CONFLICT(name) DO UPDATE SET seen = excluded.seen, anonymous = excluded.anonymous)
        SELECT i, fenced, true, NULL::bigint FROM work
        """;

    public override PostgresStatement Statement => Do;

    private string User => user.Value;

    private long At => at;

    private bool Anonymous => anonymous;

    protected override InvalidOperationException Refusal(long? lastSeq) => new($"'{user}' was not marked as seen.");

    private static NpgsqlBatchCommand Do(IReadOnlyList<PostgresWork> works)
    {
        InboxSeenWork[] marks = [.. works.Cast<InboxSeenWork>()];
        return new NpgsqlBatchCommand(Sql)
            .With(marks, work => work.Fence.Shard)
            .With(marks, work => work.Fence.Term)
            .With(marks, work => work.User)
            .With(marks, work => work.At)
            .With(marks, work => work.Anonymous);
    }
}
