using Verb.Actors.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.TestKit.Simulation;

/// <summary>The tables of histories and inboxes. Everything here happens at one moment.</summary>
internal sealed partial class SimDatabase
{
    private readonly SortedDictionary<string, RoomHistory> _rooms = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, UserInbox> _inboxes = new(StringComparer.Ordinal);

    /// <summary>A room as it is stored; null where nobody opened it.</summary>
    public RoomRecord? Room(string room) => _rooms.TryGetValue(room, out var history) ? history.Load(int.MaxValue, 0) : null;

    internal RoomRecord Open(RoomId room, string newEpoch, int tail, long now)
    {
        if (Plants.DrawsEpochs || !_rooms.TryGetValue(room.Value, out var history))
            _rooms[room.Value] = history = new RoomHistory(newEpoch);
        var record = history.Load(tail, now);
        if (Plants.ForgetsMessageIds)
            record = record with { Dedupe = [] };
        if (Plants.ForgetsLastSeq && record.Tail.Count > 0)
            record = record with { LastSeq = record.LastSeq - 1, Tail = [.. record.Tail.SkipLast(1)] };
        return record;
    }

    internal void Append(RoomAppend append) => _rooms[append.Room.Value].Append(append);

    internal HistoryPage Page(RoomId room, long afterSeq, long beforeSeq, int limit, int maxBytes, bool forward) =>
        _rooms.TryGetValue(room.Value, out var history)
            ? history.Page(Math.Min(afterSeq, long.MaxValue - 1), beforeSeq, limit, maxBytes, forward)
            : new HistoryPage([], true, 1);

    internal InboxRecord Open(UserId user, long now) =>
        _inboxes.TryGetValue(user.Value, out var inbox) ? inbox.Load(now) : InboxRecord.Empty;

    internal UserInbox Inbox(UserId user) =>
        _inboxes.TryGetValue(user.Value, out var inbox) ? inbox : _inboxes[user.Value] = new UserInbox();
}
