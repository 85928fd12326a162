using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>
/// What waits for one client's socket. Live messages keep within the bound; replies, replay and inbox items are bounded by those who send
/// them and always taken. Updates of one topic are conflated; a numbered room message that finds no place puts its room behind, to be
/// replayed, and is never lost silently. Pure.
/// </summary>
internal sealed class Outbox(int maxBytes, int maxMessages, OverflowPolicy policy)
{
    private readonly LinkedList<OutboxEntry> _waiting = new();
    private readonly Dictionary<TopicName, LinkedListNode<OutboxEntry>> _byTopic = [];
    private readonly Queue<LinkedListNode<OutboxEntry>> _inbox = new();
    private readonly HashSet<RoomId> _behind = [];
    private readonly HashSet<TopicName> _missedTopics = [];

    /// <summary>Bytes of live messages that wait: these are bounded.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>Live messages that wait: these are bounded.</summary>
    public int LiveCount { get; private set; }

    /// <summary>Bytes of replies and replay that wait.</summary>
    public long ReplyBytes { get; private set; }

    /// <summary>Replies and pages of replay that wait.</summary>
    public int ReplyCount { get; private set; }

    /// <summary>How many messages found no place so far: conflated, dropped, or to be replayed.</summary>
    public long Shed { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>The rooms that lost messages and have not been replayed: their live messages are not queued until then.</summary>
    public IReadOnlyCollection<RoomId> Behind => _behind;

    /// <summary>Queues an entry. False where the bound is reached and the policy is to close.</summary>
    public bool Offer(OutboxEntry entry)
    {
        if (entry.Kind is OutboxKind.Reply or OutboxKind.Inbox)
        {
            Enqueue(entry);
            return true;
        }

        if (entry.Topic is { } topic && _byTopic.TryGetValue(topic, out var older))
        {
            Shed++;
            if (Fits(entry.Bytes - older.Value.Bytes, 0) || LiveCount == 1)
            {
                LiveBytes += entry.Bytes - older.Value.Bytes;
                older.Value = entry;
                return true;
            }

            Unlink(older);
        }

        if (entry.Room is { } room && _behind.Contains(room))
        {
            Shed += entry.Messages;
            return true;
        }

        if (LiveCount == 0 || Fits(entry.Bytes, entry.Messages))
        {
            Enqueue(entry);
            return true;
        }

        if (policy == OverflowPolicy.Close)
            return false;
        if (policy == OverflowPolicy.DropOldest)
            MakeRoom(entry);
        else
            Lose(entry);
        return true;
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

    /// <summary>The topics whose newest value found no place since this was last asked.</summary>
    public IReadOnlyList<TopicName> TakeMissedTopics()
    {
        if (_missedTopics.Count == 0)
            return [];
        TopicName[] missed = [.. _missedTopics];
        _missedTopics.Clear();
        return missed;
    }

    private bool Fits(long bytes, int messages) => LiveBytes + bytes <= maxBytes && LiveCount + messages <= maxMessages;

    private void MakeRoom(OutboxEntry entry)
    {
        // Nothing is gained by dropping what waits for a frame that is larger than all of it together.
        var node = entry.Bytes <= maxBytes && entry.Messages <= maxMessages ? _waiting.First : null;
        while (node is not null && !Fits(entry.Bytes, entry.Messages))
        {
            var next = node.Next;
            if (node.Value.Kind is not (OutboxKind.Reply or OutboxKind.Inbox))
            {
                Unlink(node);
                Lose(node.Value);
                next = _waiting.First; // A room put behind took more than this one.
            }

            node = next;
        }

        if (entry.Room is { } room && _behind.Contains(room))
            Shed += entry.Messages;
        else if (Fits(entry.Bytes, entry.Messages))
            Enqueue(entry);
        else
            Lose(entry);
    }

    private void Lose(OutboxEntry entry)
    {
        Shed += entry.Messages;
        if (entry.Topic is { } topic)
            _missedTopics.Add(topic);
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

    private void Enqueue(OutboxEntry entry)
    {
        var node = _waiting.AddLast(entry);
        Weigh(entry, 1);
        if (entry.Topic is { } topic)
            _byTopic[topic] = node;
        if (entry.Kind != OutboxKind.Inbox)
            return;
        _inbox.Enqueue(node);
        if (_inbox.Count <= Inbox.MaxItems)
            return;
        Shed++;
        Unlink(_inbox.Peek());
    }

    private void Unlink(LinkedListNode<OutboxEntry> node)
    {
        _waiting.Remove(node);
        Weigh(node.Value, -1);
        if (node.Value.Topic is { } topic)
            _byTopic.Remove(topic);
        if (node.Value.Kind == OutboxKind.Inbox)
            _inbox.Dequeue(); // Items only ever go from the front.
    }

    private void Weigh(OutboxEntry entry, int sign)
    {
        if (entry.Kind == OutboxKind.Reply)
        {
            ReplyBytes += sign * entry.Bytes;
            ReplyCount += sign * entry.Messages;
        }
        else if (entry.Kind != OutboxKind.Inbox)
        {
            LiveBytes += sign * entry.Bytes;
            LiveCount += sign * entry.Messages;
        }
    }
}
