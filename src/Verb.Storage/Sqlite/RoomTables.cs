using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Storage.Sqlite;

/// <summary>Rooms, their history and their dedupe windows, on one connection. The caller opens the transaction.</summary>
internal sealed class RoomTables(SqliteConnection connection)
{
    private const string Columns = "seq, message_id, sender, username, role, message, timestamp";

    private readonly SqliteStatement _find = connection.Prepare("SELECT id, epoch, last_seq FROM room WHERE name = ?1");
    private readonly SqliteStatement _create = connection.Prepare(
        "INSERT INTO room(name, epoch, last_seq, created) VALUES(?1, ?2, 0, ?3)");
    private readonly SqliteStatement _advance = connection.Prepare("UPDATE room SET last_seq = ?2 WHERE id = ?1");
    private readonly SqliteStatement _first = connection.Prepare("SELECT seq FROM history WHERE room = ?1 ORDER BY seq LIMIT 1");
    private readonly SqliteStatement _insert = connection.Prepare(
        $"INSERT INTO history(room, {Columns}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    private readonly SqliteStatement _trim = connection.Prepare("DELETE FROM history WHERE room = ?1 AND seq <= ?2");
    private readonly SqliteStatement _firstSince = connection.Prepare(
        "SELECT seq FROM history WHERE room = ?1 AND timestamp >= ?2 ORDER BY seq LIMIT 1");
    private readonly SqliteStatement _forward = connection.Prepare(
        $"SELECT {Columns} FROM history WHERE room = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq");
    private readonly SqliteStatement _backward = connection.Prepare(
        $"SELECT {Columns} FROM history WHERE room = ?1 AND seq < ?2 ORDER BY seq DESC");
    private readonly DedupeTable _dedupe = new(connection, "dedupe", "room");
    private readonly SqliteStatement _newEpochs = connection.Prepare("UPDATE room SET epoch = lower(hex(randomblob(8)))");
    private readonly SqliteStatement _forgetEmpty = connection.Prepare(
        "DELETE FROM room WHERE id IN (SELECT id FROM room WHERE last_seq = 0 AND created < ?1 LIMIT ?2)");

    public RoomRecord Open(RoomId room, string newEpoch, int tail, long now, long created)
    {
        if (Find(room) is not { } row)
        {
            Create(room, newEpoch, created);
            return new RoomRecord(newEpoch, 0, 1, [], []);
        }

        var latest = Backward(row, long.MaxValue, tail, int.MaxValue);
        return new RoomRecord(row.Epoch, row.LastSeq, latest.FirstSeq, latest.Messages, _dedupe.Load(row.Id, now));
    }

    /// <exception cref="InvalidOperationException">The room is not there or the numbers do not follow; nothing was changed.</exception>
    public void Append(RoomAppend append)
    {
        if (Find(append.Room) is not { } row)
        {
            if (append.Publications is not [{ Seq: 1 } first, ..])
                throw new InvalidOperationException($"Room '{append.Room}' is not there.");
            Create(append.Room, append.Epoch, first.Timestamp);
            row = Find(append.Room)!.Value;
        }

        var next = row.LastSeq;
        foreach (var publication in append.Publications)
        {
            if (publication.Seq != ++next)
                throw new InvalidOperationException($"Seq {publication.Seq} of room '{append.Room}' should be {next}.");
        }

        foreach (var publication in append.Publications)
            Insert(row.Id, publication);
        foreach (var entry in append.Dedupe)
            _dedupe.Insert(row.Id, entry);
        if (next != row.LastSeq)
            _advance.Bind(1, row.Id).Bind(2, next).Run();
        Trim(row.Id, next, append);
    }

    public HistoryPage Read(RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes)
    {
        if (Find(room) is not { } row)
            return new HistoryPage([], true, 1);
        using var rows = _forward.Bind(1, row.Id).Bind(2, afterSeq).Bind(3, throughSeq).Query();
        var (messages, complete) = Take(rows, limit, maxBytes);
        return new HistoryPage(messages, complete, FirstSeq(row));
    }

    public HistoryPage ReadLatest(RoomId room, long beforeSeq, int limit, int maxBytes) =>
        Find(room) is { } row ? Backward(row, beforeSeq, limit, maxBytes) : new HistoryPage([], true, 1);

    public void GiveNewEpochs() => _newEpochs.Run();

    /// <summary>
    /// Forgets at most so many rooms that were joined but never spoken in; true where more may be left. One that is open begins anew with its
    /// first message.
    /// </summary>
    public bool ForgetEmpty(long createdBefore, int limit)
    {
        _forgetEmpty.Bind(1, createdBefore).Bind(2, limit).Run();
        return connection.Changes >= limit;
    }

    /// <summary>Forgets what has expired, a bounded part at a time; true where more is left.</summary>
    public bool Purge(long now, int limit) => _dedupe.Purge(now, limit);

    private void Create(RoomId room, string epoch, long created) => _create.Bind(1, room.Value).Bind(2, epoch).Bind(3, created).Run();

    private HistoryPage Backward(Row row, long beforeSeq, int limit, int maxBytes)
    {
        using var rows = _backward.Bind(1, row.Id).Bind(2, beforeSeq).Query();
        var (messages, complete) = Take(rows, limit, maxBytes);
        messages.Reverse();
        return new HistoryPage(messages, complete, FirstSeq(row));
    }

    private static (List<Publication> Messages, bool Complete) Take(SqliteStatement.Rows rows, int limit, int maxBytes)
    {
        var messages = new List<Publication>();
        var bytes = 0L;
        while (rows.Next())
        {
            if (messages.Count >= limit)
                return (messages, false);
            var publication = new Publication(
                rows.Number(0), rows.Text(1), new User(new UserId(rows.Text(2)), rows.Text(3), rows.Text(4)), rows.Bytes(5), rows.Number(6));
            bytes += publication.Size;
            if (messages.Count > 0 && bytes > maxBytes)
                return (messages, false);
            messages.Add(publication);
        }

        return (messages, true);
    }

    private void Insert(long room, Publication publication) => _insert
        .Bind(1, room)
        .Bind(2, publication.Seq)
        .Bind(3, publication.MessageId)
        .Bind(4, publication.From.Id.Value)
        .Bind(5, publication.From.Username)
        .Bind(6, publication.From.Role)
        .Bind(7, publication.Message.Span)
        .Bind(8, publication.Timestamp)
        .Run();

    private void Trim(long room, long lastSeq, RoomAppend append)
    {
        var through = append.TrimThroughSeq;
        if (append.TrimBefore > 0)
        {
            using var rows = _firstSince.Bind(1, room).Bind(2, append.TrimBefore).Query();
            through = Math.Max(through, rows.Next() ? rows.Number(0) - 1 : lastSeq);
        }

        if (through > 0)
            _trim.Bind(1, room).Bind(2, through).Run();
    }

    private long FirstSeq(Row row)
    {
        using var rows = _first.Bind(1, row.Id).Query();
        return rows.Next() ? rows.Number(0) : row.LastSeq + 1;
    }

    private Row? Find(RoomId room)
    {
        using var rows = _find.Bind(1, room.Value).Query();
        return rows.Next() ? new Row(rows.Number(0), rows.Text(1), rows.Number(2)) : null;
    }

    private readonly record struct Row(long Id, string Epoch, long LastSeq);
}
