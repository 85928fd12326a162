namespace Verb.Storage.Postgres;

/// <summary>The statements over the tables of files.</summary>
internal static class PostgresFiles
{
    /// <summary>Forgets uploads that were given up, for instance by a node that crashed: none of their bytes came for an hour.</summary>
    public const string Purge =
        """
        WITH gone AS (
            DELETE FROM file WHERE id = ANY(ARRAY(
                SELECT id FROM file WHERE sha256 IS NULL AND touched < now() - interval '1 hour' AND $1 = 0
                ORDER BY touched LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING id, size),
        blocks AS (DELETE FROM file_block WHERE file IN (SELECT id FROM gone)),
        space AS (
            UPDATE file_space SET bytes = bytes - (SELECT sum(size) FROM gone), files = files - (SELECT count(*) FROM gone)
            WHERE EXISTS (SELECT FROM gone))
        SELECT count(*) FROM gone
        """;
}
