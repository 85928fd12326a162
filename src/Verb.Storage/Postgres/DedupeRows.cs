using Npgsql;
using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>The rows of a dedupe window.</summary>
internal static class DedupeRows
{
    public static async Task<List<DedupeEntry>> Read(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var entries = new List<DedupeEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new DedupeEntry(
                new UserId(reader.GetString(0)), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return entries;
    }
}
