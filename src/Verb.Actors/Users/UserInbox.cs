using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>One user's inbox in memory.</summary>
internal sealed class UserInbox
{
    private readonly List<InboxItem> _items = [];
    private readonly Dictionary<(UserId Sender, string MessageId), DedupeEntry> _dedupe = [];
    private long _lastSeq;
    private long _ackedSeq;
    private bool _seen;
    private long _seenAt;
    private bool _anonymous;

    public bool Outlived(long before) => _anonymous && _seenAt < before;

    public InboxRecord Load(long now)
    {
        foreach (var (key, entry) in _dedupe)
        {
            if (entry.Expires <= now)
                _dedupe.Remove(key);
        }

        return new InboxRecord(_seen, _lastSeq, _ackedSeq, [.. _items], [.. _dedupe.Values.OrderBy(entry => entry.Seq)]);
    }

    public void MarkSeen(long at, bool anonymous) => (_seen, _seenAt, _anonymous) = (true, at, anonymous);

    public void Append(InboxAppend append)
    {
        if (append.Item.Seq <= _lastSeq)
            throw new InvalidOperationException($"Seq {append.Item.Seq} of '{append.User}' should be above {_lastSeq}.");
        _lastSeq = append.Item.Seq;
        _items.Add(append.Item);
        if (append.Dedupe is { } entry)
            _dedupe[(entry.Sender, entry.MessageId)] = entry;
        _items.RemoveAll(item => item.Seq <= append.DropThroughSeq);
    }

    public void Ack(long seq)
    {
        _ackedSeq = Math.Max(_ackedSeq, Math.Min(seq, _lastSeq));
        _items.RemoveAll(item => item.Seq <= seq);
    }
}
