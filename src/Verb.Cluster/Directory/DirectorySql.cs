namespace Verb.Cluster.Directory;

/// <summary>
/// The statements. A shard's row is locked as strongly as its update needs and no more: that conflicts with <c>FOR SHARE</c>, which every
/// fenced write takes, and not with <c>FOR KEY SHARE</c>, which would therefore be no fence. Shards are always locked in the order of their ids.
/// </summary>
internal static class DirectorySql
{
    public const string Clock = "SELECT clock_timestamp()";

    public const string NameCluster = "INSERT INTO meta (key, value) VALUES ('cluster', $1) ON CONFLICT (key) DO NOTHING";

    public const string Cluster = "SELECT value FROM meta WHERE key = 'cluster'";

    /// <summary>Whoever comes while no other node lives says which secret the cluster has. ($1 digest, $2 id)</summary>
    public const string NameSecret = """
        INSERT INTO meta (key, value) VALUES ('secret', $1)
        ON CONFLICT (key) DO UPDATE SET value = $1 WHERE NOT EXISTS (SELECT 1 FROM node WHERE id <> $2 AND expires > clock_timestamp())
        """;

    public const string Secret = "SELECT value FROM meta WHERE key = 'secret'";

    public const string OldestProtocol = "SELECT min(protocol) FROM node";

    public const string Lock = "SELECT pg_try_advisory_lock($1)";

    public const string Incarnation = "SELECT incarnation FROM node WHERE id = $1";

    public const string NextIncarnation = "SELECT nextval('node_incarnation')";

    public const string Named = "SELECT set_config('application_name', $1, false)";

    /// <summary>
    /// Takes an earlier life's place; what that one left open is ended, so far as it is surely not this life's: its session, and pools that
    /// were opened before it last renewed. ($1 id, $2 incarnation, $3 address, $4 lease, $5 protocol, $6 prefix of the names)
    /// </summary>
    public const string Enter = """
        WITH earlier AS MATERIALIZED (SELECT incarnation, expires FROM node WHERE id = $1 FOR UPDATE),
        ended AS MATERIALIZED (
            SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a, earlier
            WHERE a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_backend_pid()
              AND (a.application_name = $6 || earlier.incarnation
                OR starts_with(a.application_name, $6) AND a.application_name !~ '/[0-9]+$' AND a.backend_start < earlier.expires - $4)),
        entered AS (
            INSERT INTO node (id, incarnation, address, expires, draining, protocol) VALUES ($1, $2, $3, now() + $4, false, $5)
            ON CONFLICT (id) DO UPDATE SET incarnation = $2, address = $3, expires = now() + $4, draining = false, protocol = $5)
        SELECT count(*) FROM ended
        """;

    /// <summary>
    /// After the connection was lost: null where this life is no node any more, else whether its lock is held again. The server may not have
    /// noticed the loss: an old connection of this life that holds the lock still is ended. ($1 id, $2 incarnation, $3 key, $4 name)
    /// </summary>
    public const string Resume = """
        WITH mine AS MATERIALIZED (SELECT 1 FROM node WHERE id = $1 AND incarnation = $2),
        ended AS MATERIALIZED (
            SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid, mine
            WHERE a.datname = current_database() AND a.usename = current_user AND a.application_name = $4 AND l.locktype = 'advisory'
              AND l.objsubid = 1 AND (l.classid::bigint << 32 | l.objid::bigint) = $3)
        SELECT CASE WHEN EXISTS (SELECT 1 FROM mine) AND (SELECT count(*) FROM ended) >= 0 THEN pg_try_advisory_lock($3) END
        """;

    public const string Renew = "UPDATE node SET expires = now() + $3 WHERE id = $1 AND incarnation = $2 RETURNING true";

    public const string Nodes = "SELECT id, incarnation, address, draining, expires <= clock_timestamp() FROM node ORDER BY id";

    public const string Shards = "SELECT id, owner, term FROM shard ORDER BY id";

    /// <summary>Never from a node that stands in the table. ($1 id, $2 incarnation, $3 shards, $4 terms)</summary>
    public const string Claim = """
        WITH me AS MATERIALIZED (SELECT id FROM node WHERE id = $1 AND incarnation = $2 AND expires > clock_timestamp() FOR SHARE),
        free AS MATERIALIZED (
            SELECT s.id FROM shard s JOIN unnest($3::int[], $4::bigint[]) AS seen (id, term) ON s.id = seen.id AND s.term = seen.term
            WHERE EXISTS (SELECT 1 FROM me) AND (s.owner IS NULL OR s.owner = $1 OR NOT EXISTS (SELECT 1 FROM node n WHERE n.id = s.owner))
            ORDER BY s.id FOR NO KEY UPDATE OF s)
        UPDATE shard SET owner = $1, term = shard.term + 1 FROM free WHERE shard.id = free.id RETURNING shard.id, shard.owner, shard.term
        """;

    /// <summary>The target's row must not vanish meanwhile, but may be renewed. ($1 id, $2 incarnation, $3 shards, $4 terms, $5 target)</summary>
    public const string HandOver = """
        WITH me AS MATERIALIZED (SELECT id FROM node WHERE id = $1 AND incarnation = $2 FOR SHARE),
        target AS MATERIALIZED (SELECT id FROM node WHERE id = $5 AND expires > clock_timestamp() AND NOT draining FOR KEY SHARE),
        held AS MATERIALIZED (
            SELECT s.id FROM shard s JOIN unnest($3::int[], $4::bigint[]) AS seen (id, term) ON s.id = seen.id AND s.term = seen.term
            WHERE EXISTS (SELECT 1 FROM me) AND EXISTS (SELECT 1 FROM target) AND s.owner = $1
            ORDER BY s.id FOR NO KEY UPDATE OF s)
        UPDATE shard SET owner = $5, term = shard.term + 1 FROM held WHERE shard.id = held.id RETURNING shard.id, shard.owner, shard.term
        """;

    /// <summary>
    /// Whether the row was there, and whether it is now gone. The proof's lock is held until the row is deleted, so that a new life cannot enter
    /// in between. A node whose lock is free may have begun another life already, which has opened pools of the same name: only what was open
    /// when it last renewed is surely the dead life's.
    /// ($1 id, $2 incarnation, $3 key, $4 settling, $5 whether the own connection stands for that long, $6 prefix of the names, $7 lease)
    /// </summary>
    public const string Judge = """
        WITH peer AS MATERIALIZED (SELECT id, incarnation, expires FROM node WHERE id = $1 AND incarnation = $2 FOR UPDATE),
        proven AS MATERIALIZED (
            SELECT id, incarnation, expires FROM peer
            WHERE CASE WHEN NOT $5 OR clock_timestamp() < pg_postmaster_start_time() + $4 THEN false
                       WHEN expires < clock_timestamp() THEN true
                       ELSE pg_try_advisory_xact_lock($3) END),
        ended AS MATERIALIZED (
            SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a, proven
            WHERE a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_backend_pid()
              AND (a.application_name = $6 || proven.incarnation
                OR starts_with(a.application_name, $6) AND a.application_name !~ '/[0-9]+$'
                  AND a.backend_start < proven.expires - CASE WHEN proven.expires < clock_timestamp() THEN interval '0' ELSE $7 END)),
        gone AS (DELETE FROM node USING proven WHERE node.id = proven.id AND node.incarnation = proven.incarnation RETURNING 1)
        SELECT EXISTS (SELECT 1 FROM peer), EXISTS (SELECT 1 FROM gone), (SELECT count(*) FROM ended)
        """;

    public const string SetDraining = "UPDATE node SET draining = $3 WHERE id = $1 AND incarnation = $2";

    public const string Leave = "DELETE FROM node WHERE id = $1 AND incarnation = $2";
}
