using Verb.Actors.Durability;

namespace Verb.Storage.Sqlite;

/// <summary>Secrets in the database of a single node.</summary>
internal sealed class SqliteSecretStore(SqliteDatabase database) : ISecretStore
{
    public ValueTask<byte[]> GetOrCreate(string name, int bytes, CancellationToken cancellation) =>
        database.Write(session => session.Secrets.GetOrCreate(name, bytes), cancellation);
}
