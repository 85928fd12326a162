using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>One room's history in memory.</summary>
internal sealed class RoomHistory(string epoch)
{
    private readonly List<Publication> _messages = [];
    private readonly Dictionary<(UserId Sender, string MessageId), DedupeEntry> _dedupe = [];
    private readonly PriorityQueue<DedupeEntry, long> _expiring = new();
    private long _lastSeq;

    public long FirstSeq => _messages.Count == 0 ? _lastSeq + 1 : _messages[0].Seq;

    public RoomRecord Load(int tail, long now)
    {
        Forget(now);
        var latest = _messages[Math.Max(0, _messages.Count - tail)..];
        return new RoomRecord(epoch, _lastSeq, FirstSeq, latest, [.. _dedupe.Values.OrderBy(entry => entry.Seq)]);
    }

    public void Append(RoomAppend append)
    {
        Check(append);
        _messages.AddRange(append.Publications);
        if (append.Publications.Count > 0)
            _lastSeq = append.Publications[^1].Seq;
        foreach (var entry in append.Dedupe)
        {
            Forget(entry.Timestamp);
            _dedupe[(entry.Sender, entry.MessageId)] = entry;
            _expiring.Enqueue(entry, entry.Expires);
        }

        Trim(append.TrimThroughSeq, append.TrimBefore);
    }

    /// <summary>A page of the messages at [start, end), cut at the end (forward) or at the start (backward).</summary>
    public HistoryPage Page(long afterSeq, long beforeSeq, int limit, int maxBytes, bool forward)
    {
        var start = (int)(Math.Clamp(afterSeq + 1, FirstSeq, _lastSeq + 1) - FirstSeq);
        var end = (int)(Math.Clamp(beforeSeq, FirstSeq, _lastSeq + 1) - FirstSeq);
        var bytes = 0L;
        var taken = 0;
        while (taken < end - start && taken < limit)
        {
            bytes += _messages[forward ? start + taken : end - 1 - taken].Size;
            if (taken > 0 && bytes > maxBytes)
                break;
            taken++;
        }

        var first = forward ? start : end - taken;
        return new HistoryPage(taken == 0 ? [] : _messages.GetRange(first, taken), taken >= end - start, FirstSeq);
    }

    private void Check(RoomAppend append)
    {
        var next = _lastSeq;
        foreach (var publication in append.Publications)
        {
            if (publication.Seq != ++next)
                throw new InvalidOperationException($"Seq {publication.Seq} of room '{append.Room}' should be {next}.");
        }
    }

    private void Trim(long throughSeq, long before)
    {
        var gone = 0;
        while (gone < _messages.Count && (_messages[gone].Seq <= throughSeq || _messages[gone].Timestamp < before))
            gone++;
        _messages.RemoveRange(0, gone);
    }

    private void Forget(long now)
    {
        while (_expiring.TryPeek(out var entry, out var expires) && expires <= now)
        {
            _expiring.Dequeue();
            var key = (entry.Sender, entry.MessageId);
            if (_dedupe.TryGetValue(key, out var current) && current.Expires <= now)
                _dedupe.Remove(key);
        }
    }
}
