using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// The committed tail of a room's history that its owner holds in memory, and where the whole history begins and ends.
/// Pure: no clock, no I/O.
/// </summary>
internal sealed class RoomLog
{
    private readonly int _keep;
    private readonly Queue<(Publication Publication, Caller.Member? Publisher)> _tail;

    /// <param name="epoch">The lineage of the history.</param>
    /// <param name="lastSeq">The number of the last committed message; 0 before the first.</param>
    /// <param name="firstSeq">The number of the oldest message that can still be read; <paramref name="lastSeq"/> + 1 where there is none.</param>
    /// <param name="tail">The latest messages, ascending.</param>
    /// <param name="keep">How many messages stay in memory.</param>
    public RoomLog(string epoch, long lastSeq, long firstSeq, IEnumerable<Publication> tail, int keep)
    {
        Epoch = epoch;
        LastSeq = lastSeq;
        FirstSeq = firstSeq;
        _keep = keep;
        _tail = new(tail.Select(publication => (publication, (Caller.Member?)null)));
        LoadedSeq = lastSeq;
    }

    public string Epoch { get; }

    public long LastSeq { get; private set; }

    /// <summary>The oldest message that can be read, from the tail or from the store.</summary>
    public long FirstSeq { get; private set; }

    /// <summary>The oldest message in memory; <see cref="LastSeq"/> + 1 where there is none.</summary>
    public long TailSeq => LastSeq - _tail.Count + 1;

    /// <summary>The last message that was loaded: which connections published up to here is not known.</summary>
    public long LoadedSeq { get; }

    /// <summary>Takes the next committed message, and which connection's command it was, where it was one's.</summary>
    public void Append(Publication publication, Caller.Member? publisher)
    {
        if (publication.Seq != LastSeq + 1)
            throw new InvalidOperationException($"Message {publication.Seq} cannot follow {LastSeq}.");
        LastSeq = publication.Seq;
        _tail.Enqueue((publication, publisher));
        while (_tail.Count > _keep)
            _tail.Dequeue();
    }

    /// <summary>Forgets the messages up to and with <paramref name="seq"/>: the history's size says so.</summary>
    public void TrimThrough(long seq)
    {
        FirstSeq = Math.Max(FirstSeq, Math.Min(seq, LastSeq) + 1);
        while (_tail.TryPeek(out var oldest) && oldest.Publication.Seq <= seq)
            _tail.Dequeue();
    }

    /// <summary>Forgets what the room took before <paramref name="timestamp"/>, Unix milliseconds, as far as it is in memory.</summary>
    public void TrimBefore(long timestamp)
    {
        while (_tail.TryPeek(out var oldest) && oldest.Publication.Timestamp < timestamp)
        {
            _tail.Dequeue();
            FirstSeq = Math.Max(FirstSeq, oldest.Publication.Seq + 1);
        }
    }

    /// <summary>Whether everything after <paramref name="position"/> can still be told, so that a client misses nothing.</summary>
    public bool Reaches(Position position) =>
        position.Epoch == Epoch && position.Seq <= LastSeq && position.Seq + 1 >= FirstSeq;

    /// <summary>Whether everything after <paramref name="seq"/> is in memory.</summary>
    public bool HoldsAfter(long seq) => seq + 1 >= TailSeq;

    /// <summary>The messages after <paramref name="seq"/> that are in memory, ascending.</summary>
    public IEnumerable<Publication> After(long seq) => AfterWithPublishers(seq).Select(entry => entry.Publication);

    /// <summary>Likewise, each with the command it was.</summary>
    public IEnumerable<(Publication Publication, Caller.Member? Publisher)> AfterWithPublishers(long seq) =>
        _tail.Where(entry => entry.Publication.Seq > seq);

    /// <summary>The last <paramref name="count"/> messages in memory, ascending.</summary>
    public IEnumerable<Publication> Latest(int count) => _tail.Skip(Math.Max(0, _tail.Count - count)).Select(entry => entry.Publication);
}
