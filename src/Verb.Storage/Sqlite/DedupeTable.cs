using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Storage.Sqlite;

/// <summary>The dedupe windows of rooms or of inboxes, on one connection.</summary>
internal sealed class DedupeTable(SqliteConnection connection, string table, string owner)
{
    private readonly SqliteStatement _insert = connection.Prepare(
        $"INSERT OR REPLACE INTO {table}({owner}, sender, message_id, seq, timestamp, expires) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    private readonly SqliteStatement _load = connection.Prepare(
        $"SELECT sender, message_id, seq, timestamp, expires FROM {table} WHERE {owner} = ?1 AND expires > ?2 ORDER BY seq");
    private readonly SqliteStatement _purge = connection.Prepare(
        $"""
        DELETE FROM {table} WHERE ({owner}, sender, message_id) IN
            (SELECT {owner}, sender, message_id FROM {table} WHERE expires <= ?1 ORDER BY expires LIMIT ?2)
        """);
    private readonly SqliteStatement _forget = connection.Prepare($"DELETE FROM {table} WHERE {owner} = ?1");

    public void Insert(long id, DedupeEntry entry) => _insert
        .Bind(1, id)
        .Bind(2, entry.Sender.Value)
        .Bind(3, entry.MessageId)
        .Bind(4, entry.Seq)
        .Bind(5, entry.Timestamp)
        .Bind(6, entry.Expires)
        .Run();

    public IReadOnlyList<DedupeEntry> Load(long id, long now)
    {
        using var rows = _load.Bind(1, id).Bind(2, now).Query();
        var entries = new List<DedupeEntry>();
        while (rows.Next())
            entries.Add(new DedupeEntry(new UserId(rows.Text(0)), rows.Text(1), rows.Number(2), rows.Number(3), rows.Number(4)));
        return entries;
    }

    public void Forget(long id) => _forget.Bind(1, id).Run();

    /// <summary>Forgets at most so many expired entries; true where more may be left.</summary>
    public bool Purge(long now, int limit)
    {
        _purge.Bind(1, now).Bind(2, limit).Run();
        return connection.Changes >= limit;
    }
}
