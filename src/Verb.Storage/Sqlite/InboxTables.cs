using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Storage.Sqlite;

/// <summary>Users, their inboxes and dedupe windows, on one connection. The caller opens the transaction.</summary>
internal sealed class InboxTables(SqliteConnection connection)
{
    private const string Columns = "seq, message_id, kind, sender, username, role, body, timestamp";

    private readonly SqliteStatement _find = connection.Prepare("SELECT id, last_seq, acked_seq, seen FROM user WHERE name = ?1");
    private readonly SqliteStatement _create = connection.Prepare("INSERT OR IGNORE INTO user(name) VALUES(?1)");
    private readonly SqliteStatement _see = connection.Prepare("UPDATE user SET seen = ?2, anonymous = ?3 WHERE name = ?1");
    private readonly SqliteStatement _advance = connection.Prepare("UPDATE user SET last_seq = ?2 WHERE id = ?1");
    private readonly SqliteStatement _ack = connection.Prepare(
        "UPDATE user SET acked_seq = max(acked_seq, min(?2, last_seq)) WHERE id = ?1");
    private readonly SqliteStatement _load = connection.Prepare($"SELECT {Columns} FROM inbox WHERE user = ?1 ORDER BY seq");
    private readonly SqliteStatement _insert = connection.Prepare(
        $"INSERT INTO inbox(user, {Columns}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    private readonly SqliteStatement _drop = connection.Prepare("DELETE FROM inbox WHERE user = ?1 AND seq <= ?2");
    private readonly SqliteStatement _outlived = connection.Prepare(
        "SELECT id FROM user WHERE anonymous = 1 AND seen < ?1 ORDER BY seen LIMIT ?2");
    private readonly SqliteStatement _forget = connection.Prepare("DELETE FROM user WHERE id = ?1");
    private readonly DedupeTable _dedupe = new(connection, "inbox_dedupe", "user");

    public InboxRecord Open(UserId user, long now) => Find(user) is { } row
        ? new InboxRecord(row.Seen, row.LastSeq, row.AckedSeq, Load(row.Id), _dedupe.Load(row.Id, now))
        : InboxRecord.Empty;

    public void MarkSeen(UserId user, long at, bool anonymous)
    {
        _create.Bind(1, user.Value).Run();
        _see.Bind(1, user.Value).Bind(2, at).Bind(3, anonymous ? 1 : 0).Run();
    }

    /// <exception cref="InvalidOperationException">The number does not rise; nothing was changed.</exception>
    public void Append(InboxAppend append)
    {
        var row = Find(append.User);
        if (append.Item.Seq <= (row?.LastSeq ?? 0))
            throw new InvalidOperationException($"Seq {append.Item.Seq} of '{append.User}' should be above {row?.LastSeq ?? 0}.");
        if (row is null)
            _create.Bind(1, append.User.Value).Run();
        var id = row?.Id ?? Find(append.User)!.Value.Id;
        Insert(id, append.Item);
        if (append.Dedupe is { } entry)
            _dedupe.Insert(id, entry);
        _advance.Bind(1, id).Bind(2, append.Item.Seq).Run();
        if (append.DropThroughSeq > 0)
            _drop.Bind(1, id).Bind(2, append.DropThroughSeq).Run();
    }

    public void Ack(UserId user, long seq)
    {
        if (Find(user) is not { } row)
            return;
        _ack.Bind(1, row.Id).Bind(2, seq).Run();
        _drop.Bind(1, row.Id).Bind(2, seq).Run();
    }

    /// <summary>Forgets expired entries and anonymous users not seen since, a bounded part at a time; true where more is left.</summary>
    public bool Purge(long now, long seenBefore, int limit)
    {
        var outlived = new List<long>();
        using (var rows = _outlived.Bind(1, seenBefore).Bind(2, limit).Query())
        {
            while (rows.Next())
                outlived.Add(rows.Number(0));
        }

        foreach (var id in outlived)
        {
            _drop.Bind(1, id).Bind(2, long.MaxValue).Run();
            _dedupe.Forget(id);
            _forget.Bind(1, id).Run();
        }

        return _dedupe.Purge(now, limit) || outlived.Count >= limit;
    }

    private void Insert(long user, InboxItem item) => _insert
        .Bind(1, user)
        .Bind(2, item.Seq)
        .Bind(3, item.MessageId)
        .Bind(4, (long)item.Kind)
        .Bind(5, item.From?.Id.Value)
        .Bind(6, item.From?.Username)
        .Bind(7, item.From?.Role)
        .Bind(8, item.Body.Span)
        .Bind(9, item.Timestamp)
        .Run();

    private List<InboxItem> Load(long user)
    {
        using var rows = _load.Bind(1, user).Query();
        var items = new List<InboxItem>();
        while (rows.Next())
        {
            var from = rows.IsNull(3) ? null : new User(new UserId(rows.Text(3)), rows.Text(4), rows.Text(5));
            items.Add(new InboxItem(
                rows.Number(0), rows.Text(1), (InboxItemKind)rows.Number(2), from, rows.Bytes(6), rows.Number(7)));
        }

        return items;
    }

    private Row? Find(UserId user)
    {
        using var rows = _find.Bind(1, user.Value).Query();
        return rows.Next() ? new Row(rows.Number(0), rows.Number(1), rows.Number(2), !rows.IsNull(3)) : null;
    }

    private readonly record struct Row(long Id, long LastSeq, long AckedSeq, bool Seen);
}
