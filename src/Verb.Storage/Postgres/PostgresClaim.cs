using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;

namespace Verb.Storage.Postgres;

/// <summary>How a hub that is alone takes every shard.</summary>
internal static class PostgresClaim
{
    private const string Sql =
        """
        WITH held AS MATERIALIZED (SELECT id FROM shard ORDER BY id FOR UPDATE),
        taken AS (UPDATE shard SET owner = $1, term = term + 1 FROM held WHERE shard.id = held.id RETURNING shard.id, shard.term)
        SELECT id, term FROM taken ORDER BY id
        """;

    public static async Task<IReadOnlyList<Fence>> All(PostgresDatabase database, string owner, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await PostgresStart.Nodes(connection, transaction, cancellation) is { } nodes)
        {
            throw new StorageException(
                StorageFault.Locked,
                $"{database.Name} is in use by the cluster of {nodes}: give this hub the cluster's settings, or a database of its own.");
        }

        var fences = new List<Fence>();
        await using (var command = new NpgsqlCommand(Sql, connection, transaction))
        await using (var reader = await command.With(owner).ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                fences.Add(new Fence(reader.GetInt32(0), reader.GetInt64(1)));
        }

        await transaction.CommitAsync(cancellation);
        return fences;
    }
}
