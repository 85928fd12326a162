using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>
/// What waits for one client's socket, within its bound. Replies and replay are paced elsewhere and always taken; updates of one topic are
/// conflated; a numbered room message that finds no place puts its room behind, to be replayed, and is never lost silently. Pure.
/// </summary>
internal sealed class Outbox(int maxBytes, int maxMessages, OverflowPolicy policy)
{
    private readonly LinkedList<OutboxEntry> _waiting = new();
    private readonly Dictionary<TopicName, LinkedListNode<OutboxEntry>> _byTopic = [];
    private readonly HashSet<RoomId> _behind = [];

    /// <summary>Bytes that wait, replies included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Messages that wait, replies included.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of replies and replay that wait.</summary>
    public long ReplyBytes { get; private set; }

    /// <summary>Replies and pages of replay that wait.</summary>
    public int ReplyCount { get; private set; }

    /// <summary>How many messages found no place so far: conflated, dropped, or to be replayed.</summary>
    public long Shed { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>The rooms that lost messages since they were last taken; their live messages are not queued until then.</summary>
    public IReadOnlyCollection<RoomId> Behind => _behind;

    /// <summary>Queues an entry. False where the bound is reached and the policy is to close.</summary>
    public bool Offer(OutboxEntry entry)
    {
        if (entry.Kind == OutboxKind.Reply)
        {
            Enqueue(entry);
            return true;
        }

        if (entry.Topic is { } topic && _byTopic.TryGetValue(topic, out var older))
        {
            Replace(older, entry);
            return true;
        }

        if (entry.Room is { } room && _behind.Contains(room))
        {
            Shed += entry.Messages;
            return true;
        }

        if (Fits(entry))
        {
            Enqueue(entry);
            return true;
        }

        switch (policy)
        {
            case OverflowPolicy.DropNewest:
                Lose(entry);
                return true;
            case OverflowPolicy.DropOldest:
                MakeRoom(entry);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes what waited longest.</summary>
    public bool TryTake(out OutboxEntry entry)
    {
        if (_waiting.First is not { } first)
        {
            entry = default;
            return false;
        }

        entry = first.Value;
        Unlink(first);
        return true;
    }

    /// <summary>Puts a room behind: something of it was lost before it came here.</summary>
    public void PutBehind(RoomId room)
    {
        if (_behind.Add(room))
            RemoveRoom(room);
    }

    /// <summary>The room's replay follows: live messages are queued again.</summary>
    public void EndBehind(RoomId room) => _behind.Remove(room);

    private bool Fits(OutboxEntry entry) =>
        _waiting.Count == 0 || (Bytes + entry.Bytes <= maxBytes && Count + entry.Messages <= maxMessages);

    private void MakeRoom(OutboxEntry entry)
    {
        var node = _waiting.First;
        while (node is not null && !Fits(entry))
        {
            var next = node.Next;
            if (node.Value.Kind != OutboxKind.Reply)
            {
                Unlink(node);
                Lose(node.Value);
                next = _waiting.First; // A room put behind took more than this one.
            }

            node = next;
        }

        if (entry.Kind == OutboxKind.Numbered && entry.Room is { } room && _behind.Contains(room))
            Shed += entry.Messages;
        else if (Fits(entry))
            Enqueue(entry);
        else
            Lose(entry);
    }

    private void Lose(OutboxEntry entry)
    {
        Shed += entry.Messages;
        if (entry.Room is { } room && _behind.Add(room))
            RemoveRoom(room);
    }

    private void RemoveRoom(RoomId room)
    {
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Kind == OutboxKind.Numbered && node.Value.Room == room)
            {
                Shed += node.Value.Messages;
                Unlink(node);
            }

            node = next;
        }
    }

    private void Replace(LinkedListNode<OutboxEntry> older, OutboxEntry entry)
    {
        Shed++;
        Bytes += entry.Bytes - older.Value.Bytes;
        older.Value = entry;
    }

    private void Enqueue(OutboxEntry entry)
    {
        var node = _waiting.AddLast(entry);
        Bytes += entry.Bytes;
        Count += entry.Messages;
        Weigh(entry, 1);
        if (entry.Topic is { } topic)
            _byTopic[topic] = node;
    }

    private void Unlink(LinkedListNode<OutboxEntry> node)
    {
        _waiting.Remove(node);
        Bytes -= node.Value.Bytes;
        Count -= node.Value.Messages;
        Weigh(node.Value, -1);
        if (node.Value.Topic is { } topic)
            _byTopic.Remove(topic);
    }

    private void Weigh(OutboxEntry entry, int sign)
    {
        if (entry.Kind != OutboxKind.Reply)
            return;
        ReplyBytes += sign * entry.Bytes;
        ReplyCount += sign * entry.Messages;
    }
}
