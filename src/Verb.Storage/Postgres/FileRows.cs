namespace Verb.Storage.Postgres;

/// <summary>The statements over the tables of files. A file without a digest is arriving; every one counts in <c>file_space</c>.</summary>
internal static class FileRows
{
    /// <summary>How many bytes a block has; the last one of a file may have fewer.</summary>
    public const int BlockBytes = 256 * 1024;

    /// <summary>($1 id, $2 name, $3 size, $4 type, $5 owner, $6 room, $7 quota, $8 most files) Whether there was space.</summary>
    public const string Begin =
        """
        WITH known AS (SELECT FROM file WHERE id = $1),
        space AS (
            UPDATE file_space SET bytes = bytes + $3, files = files + 1
            WHERE NOT EXISTS (SELECT FROM known) AND ($7 = 0 OR $3 <= $7 - bytes) AND ($8 = 0 OR files < $8) RETURNING 1),
        added AS (INSERT INTO file(id, name, size, mime_type, owner, room) SELECT $1, $2, $3, $4, $5, $6 FROM space)
        SELECT EXISTS (SELECT FROM known) OR EXISTS (SELECT FROM space)
        """;

    /// <summary>($1 id, $2 number, $3 body) Whether the file is still arriving.</summary>
    public const string Put =
        """
        WITH arriving AS (UPDATE file SET touched = now() WHERE id = $1 AND sha256 IS NULL RETURNING id),
        put AS (
            INSERT INTO file_block(file, number, body) SELECT id, $2, $3 FROM arriving
            ON CONFLICT(file, number) DO UPDATE SET body = excluded.body)
        SELECT EXISTS (SELECT FROM arriving)
        """;

    /// <summary>($1 id, $2 number)</summary>
    public const string Get = "SELECT body FROM file_block WHERE file = $1 AND number = $2";

    /// <summary>($1 id, $2 digest, $3 timestamp) Whether the file was still arriving, or had been stored as the same.</summary>
    public const string Store =
        """
        WITH stored AS (
            UPDATE file SET sha256 = $2, timestamp = $3 WHERE id = $1 AND (sha256 IS NULL OR sha256 = $2) RETURNING 1)
        SELECT EXISTS (SELECT FROM stored)
        """;

    /// <summary>($1 id)</summary>
    public const string Find = "SELECT name, size, mime_type, sha256, owner, room, timestamp FROM file WHERE id = $1 AND sha256 IS NOT NULL";

    /// <summary>($1 id)</summary>
    public const string Forget =
        $"""
        WITH gone AS (DELETE FROM file WHERE id = $1 RETURNING id, size), {Rest}
        """;

    /// <summary>
    /// Forgets uploads that were given up, for instance by a node that crashed: none of their blocks came for an hour. ($1 nothing, $2 limit)
    /// </summary>
    public const string Purge =
        $"""
        WITH gone AS (
            DELETE FROM file WHERE id = ANY(ARRAY(
                SELECT id FROM file WHERE sha256 IS NULL AND touched < now() - interval '1 hour' AND $1 = 0
                ORDER BY touched LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING id, size), {Rest}
        """;

    private const string Rest =
        """
        blocks AS (DELETE FROM file_block WHERE file IN (SELECT id FROM gone)),
        space AS (
            UPDATE file_space SET bytes = bytes - (SELECT sum(size) FROM gone), files = files - (SELECT count(*) FROM gone)
            WHERE EXISTS (SELECT FROM gone))
        SELECT count(*) FROM gone
        """;
}
