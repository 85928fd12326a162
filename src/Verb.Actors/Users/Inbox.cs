using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>A user's unacknowledged items, bounded, with what is on its way to the store. Pure.</summary>
internal sealed class Inbox
{
    /// <summary>How many items are kept; then the oldest is dropped and counted.</summary>
    public const int MaxItems = 100;

    /// <summary>How long a sender's <c>messageId</c> is remembered.</summary>
    public static readonly TimeSpan DedupeWindow = TimeSpan.FromMinutes(10);

    private readonly SortedDictionary<long, InboxItem> _items = [];
    private readonly Dictionary<(UserId Sender, string MessageId), DedupeEntry> _remembered = [];
    private readonly Queue<DedupeEntry> _byExpiry = new();

    /// <param name="record">What the store holds.</param>
    /// <param name="now">The steady time, Unix milliseconds.</param>
    public Inbox(InboxRecord record, long now)
    {
        LastSeq = record.LastSeq;
        AckedSeq = record.AckedSeq;
        foreach (var item in record.Items)
            _items[item.Seq] = item;
        foreach (var entry in record.Dedupe)
            RememberOnce(entry, now);
    }

    /// <summary>The last number given.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Everything up to here has been acknowledged.</summary>
    public long AckedSeq { get; private set; }

    /// <summary>How many items were dropped unacknowledged.</summary>
    public long Dropped { get; private set; }

    /// <summary>What is stored and unacknowledged, ascending.</summary>
    public IEnumerable<InboxItem> Items => _items.Values;

    /// <summary>The number of the next item.</summary>
    public long NextSeq() => ++LastSeq;

    /// <summary>Up to which number the store drops items when one more comes; 0 for none.</summary>
    public long DropThrough() => _items.Count < MaxItems ? 0 : _items.Keys.Skip(_items.Count - MaxItems).First();

    /// <summary>Takes an item that is stored.</summary>
    public void Add(InboxItem item)
    {
        _items[item.Seq] = item;
        while (_items.Count > MaxItems)
        {
            _items.Remove(_items.Keys.First());
            Dropped++;
        }
    }

    /// <summary>Forgets everything up to and with <paramref name="seq"/>.</summary>
    public void Acknowledge(long seq)
    {
        AckedSeq = Math.Max(AckedSeq, seq);
        while (_items.Count > 0 && _items.Keys.First() is var first && first <= seq)
            _items.Remove(first);
    }

    /// <summary>Whether the item is stored and unacknowledged.</summary>
    public bool Holds(long seq) => _items.ContainsKey(seq);

    /// <summary>What the sender's message became, if it came before.</summary>
    public DedupeEntry? Find(UserId sender, string messageId, long now)
    {
        while (_byExpiry.TryPeek(out var oldest) && oldest.Expires <= now)
        {
            _byExpiry.Dequeue();
            Forget(oldest);
        }

        return _remembered.GetValueOrDefault((sender, messageId));
    }

    /// <summary>Remembers an entry of the store unless its message is known, and no longer than one of now: who wrote it may have had a clock that was ahead.</summary>
    public void RememberOnce(DedupeEntry entry, long now)
    {
        var latest = now + (long)DedupeWindow.TotalMilliseconds;
        if (!_remembered.ContainsKey((entry.Sender, entry.MessageId)))
            Remember(entry.Expires > latest ? entry with { Expires = latest } : entry);
    }

    public void Remember(DedupeEntry entry)
    {
        _remembered[(entry.Sender, entry.MessageId)] = entry;
        _byExpiry.Enqueue(entry);
    }

    /// <summary>Forgets a message that was not stored after all.</summary>
    public void Forget(DedupeEntry entry)
    {
        if (_remembered.TryGetValue((entry.Sender, entry.MessageId), out var current) && ReferenceEquals(current, entry))
            _remembered.Remove((entry.Sender, entry.MessageId));
    }
}
