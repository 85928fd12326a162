using System.Security.Cryptography;
using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>Secrets that all nodes share: the first to draw one wins.</summary>
internal sealed class PostgresSecretStore(PostgresDatabase database) : ISecretStore
{
    public async ValueTask<byte[]> GetOrCreate(string name, int bytes, CancellationToken cancellation)
    {
        var drawn = RandomNumberGenerator.GetBytes(bytes);
        return await database.Run(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO secret VALUES($1, $2) ON CONFLICT DO NOTHING").With(name).With(drawn));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT value FROM secret WHERE name = $1").With(name));
                return (byte[])(await batch.ExecuteScalarAsync(cancellation))!;
            },
            cancellation);
    }
}
