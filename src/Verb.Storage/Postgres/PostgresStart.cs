using System.Globalization;
using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>What is done once when a database is opened, in one transaction and by one process at a time.</summary>
internal static class PostgresStart
{
    public static async Task Prepare(
        NpgsqlDataSource source, PostgresOptions options, string name, TimeProvider clock, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await PostgresRules.Check(connection, options, name, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await PostgresSchema.Migrate(connection, transaction, name, cancellation);
        var nodes = await Nodes(connection, transaction, cancellation);
        if (nodes is not null && options.NewEpochs)
        {
            throw new StorageException(
                StorageFault.Locked, $"{name} is in use by {nodes}: stop every node before one starts with Verb:Storage:NewEpochs.");
        }

        if (options.NewEpochs)
        {
            await using var command = new NpgsqlCommand("UPDATE room SET epoch = replace(gen_random_uuid()::text, '-', '')", connection, transaction);
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The names of the nodes whose lease stands; null where there is none.</summary>
    public static async Task<string?> Nodes(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT string_agg(id, ', ' ORDER BY id) FROM node WHERE expires > now()", connection, transaction);
        return Convert.ToString(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture) is { Length: > 0 } names ? names : null;
    }
}
