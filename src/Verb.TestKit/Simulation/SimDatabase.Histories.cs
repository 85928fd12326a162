using Verb.Actors.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.TestKit.Simulation;

/// <summary>The tables of histories and inboxes. Everything here happens at one moment.</summary>
internal sealed partial class SimDatabase
{
    /// <summary>How many rooms are opened from one time that empty ones are forgotten to the next.</summary>
    private const int ForgetsAfter = 16;

    private readonly SortedDictionary<string, RoomHistory> _rooms = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, UserInbox> _inboxes = new(StringComparer.Ordinal);
    private int _opened;

    /// <summary>A room as it is stored; null where nobody opened it.</summary>
    public RoomRecord? Room(string room) => _rooms.TryGetValue(room, out var history) ? history.Load(int.MaxValue, 0) : null;

    internal RoomRecord Open(RoomId room, string newEpoch, int tail, long now)
    {
        if (++_opened % ForgetsAfter == 0)
            ForgetEmpty();
        if (Plants.DrawsEpochs || !_rooms.TryGetValue(room.Value, out var history))
            _rooms[room.Value] = history = new RoomHistory(newEpoch);
        var record = history.Load(tail, now);
        if (Plants.ForgetsMessageIds)
            record = record with { Dedupe = [] };
        if (Plants.ForgetsLastSeq && record.Tail.Count > 0)
            record = record with { LastSeq = record.LastSeq - 1, Tail = [.. record.Tail.SkipLast(1)] };
        return record;
    }

    internal void Append(RoomAppend append)
    {
        if (!_rooms.TryGetValue(append.Room.Value, out var history))
        {
            if (append.Publications is not [{ Seq: 1 }, ..])
                throw new InvalidOperationException($"Room '{append.Room}' is not there.");
            _rooms[append.Room.Value] = history = new RoomHistory(append.Epoch);
        }

        history.Append(append);
    }

    internal HistoryPage Page(RoomId room, long afterSeq, long beforeSeq, int limit, int maxBytes, bool forward) =>
        _rooms.TryGetValue(room.Value, out var history)
            ? history.Page(Math.Min(afterSeq, long.MaxValue - 1), beforeSeq, limit, maxBytes, forward)
            : new HistoryPage([], true, 1);

    internal InboxRecord Open(UserId user, long now) =>
        _inboxes.TryGetValue(user.Value, out var inbox) ? inbox.Load(now) : InboxRecord.Empty;

    internal UserInbox Inbox(UserId user) =>
        _inboxes.TryGetValue(user.Value, out var inbox) ? inbox : _inboxes[user.Value] = new UserInbox();

    /// <summary>Rooms joined but never spoken in are forgotten, whoever has them open.</summary>
    private void ForgetEmpty()
    {
        foreach (var (name, history) in _rooms.ToArray())
        {
            if (history.Load(0, 0).LastSeq == 0)
                _rooms.Remove(name);
        }
    }
}
