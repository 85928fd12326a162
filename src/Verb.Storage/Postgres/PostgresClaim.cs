using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>How a hub that is alone takes every shard.</summary>
internal static class PostgresClaim
{
    private const string Sql =
        """
        WITH held AS MATERIALIZED (SELECT id FROM shard ORDER BY id FOR UPDATE),
        taken AS (UPDATE shard SET owner = $1, term = term + 1 FROM held WHERE shard.id = held.id RETURNING shard.id, shard.term)
        SELECT term FROM taken ORDER BY id
        """;

    public static async Task<IReadOnlyList<long>> All(PostgresDatabase database, string owner, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await PostgresStart.Nodes(connection, transaction, cancellation) is { } nodes)
        {
            throw new StorageException(
                StorageFault.Locked,
                $"{database.Name} is in use by the cluster of {nodes}: give this hub the cluster's settings, or a database of its own.");
        }

        var terms = new List<long>();
        await using (var command = new NpgsqlCommand(Sql, connection, transaction))
        await using (var reader = await command.With(owner).ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                terms.Add(reader.GetInt64(0));
        }

        await transaction.CommitAsync(cancellation);
        return terms;
    }
}
