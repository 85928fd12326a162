using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// Remembers for a while which message of which sender became which number, so that a message sent again is not stored again.
/// Independent of the history's trimming. Pure.
/// </summary>
internal sealed class DedupeWindow
{
    private readonly Dictionary<(UserId Sender, string MessageId), DedupeEntry> _entries = [];
    private readonly Queue<DedupeEntry> _byExpiry = new();

    public int Count => _entries.Count;

    /// <summary>Remembers an entry; entries come with ascending expiry.</summary>
    public void Add(DedupeEntry entry)
    {
        _entries[(entry.Sender, entry.MessageId)] = entry;
        _byExpiry.Enqueue(entry);
    }

    /// <summary>What the message became, if it is known.</summary>
    public DedupeEntry? Find(UserId sender, string messageId) => _entries.GetValueOrDefault((sender, messageId));

    /// <summary>Forgets what expired before <paramref name="now"/>, steady milliseconds.</summary>
    public void Expire(long now)
    {
        while (_byExpiry.TryPeek(out var oldest) && oldest.Expires <= now)
        {
            _byExpiry.Dequeue();
            if (_entries.TryGetValue((oldest.Sender, oldest.MessageId), out var current) && ReferenceEquals(current, oldest))
                _entries.Remove((oldest.Sender, oldest.MessageId));
        }
    }
}
