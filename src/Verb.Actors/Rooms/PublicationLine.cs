using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// The publications of a room on their way to the store: stamped in order, written in batches one after the other, known to nobody before
/// they are committed. Pure.
/// </summary>
internal sealed class PublicationLine
{
    private readonly List<Waiting> _waiting = [];
    private readonly Dictionary<(UserId, string), Waiting> _byMessageId = [];
    private int _inFlight;

    /// <summary>How many bytes wait to be committed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a batch is being written.</summary>
    public bool IsWriting => _inFlight > 0;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>The number that the next publication gets after <paramref name="committed"/>, the last one committed.</summary>
    public long NextSeq(long committed) => committed + _waiting.Count + 1;

    /// <summary>Takes a publication; <paramref name="remember"/> is its entry of the dedupe window, where its sender gave it an id.</summary>
    public void Add(Publication publication, Caller caller, DedupeEntry? remember)
    {
        var waiting = new Waiting(publication, caller, remember);
        _waiting.Add(waiting);
        Bytes += publication.Size;
        if (remember is not null)
            _byMessageId[(remember.Sender, remember.MessageId)] = waiting;
    }

    /// <summary>Joins a publication that is on its way already: its sender sent it again. False where it is not here.</summary>
    public bool TryJoin(UserId sender, string messageId, Caller caller)
    {
        if (!_byMessageId.TryGetValue((sender, messageId), out var waiting))
            return false;
        waiting.Again.Add(caller);
        return true;
    }

    /// <summary>Everything that waits, as one batch to write. Call only while nothing is being written.</summary>
    public IReadOnlyList<Waiting> BeginWrite()
    {
        _inFlight = _waiting.Count;
        return _waiting.GetRange(0, _inFlight);
    }

    /// <summary>The batch under way is committed: its publications, in order.</summary>
    public IReadOnlyList<Waiting> Committed() => Take(_inFlight);

    /// <summary>Of the batch under way the publications up to and with <paramref name="seq"/> are committed: these.</summary>
    public IReadOnlyList<Waiting> CommittedThrough(long seq) => Take(_waiting.TakeWhile(w => w.Publication.Seq <= seq).Count());

    /// <summary>Whether what the store holds is the batch under way, or a part of it from its beginning, and nobody else's.</summary>
    public bool Agrees(RoomRecord record)
    {
        if (record.LastSeq >= _waiting[0].Publication.Seq + _inFlight)
            return false;
        foreach (var stored in record.Tail)
        {
            var index = stored.Seq - _waiting[0].Publication.Seq;
            if (index >= 0 && _waiting[(int)index].Publication is var ours && (ours.MessageId != stored.MessageId || ours.From.Id != stored.From.Id))
                return false;
        }

        return true;
    }

    /// <summary>Nothing that waits will be stored: all of it.</summary>
    public IReadOnlyList<Waiting> Abandon() => Take(_waiting.Count);

    private List<Waiting> Take(int count)
    {
        var taken = _waiting.GetRange(0, count);
        _waiting.RemoveRange(0, count);
        _inFlight = 0;
        foreach (var waiting in taken)
        {
            Bytes -= waiting.Publication.Size;
            if (waiting.Remember is { } entry)
                _byMessageId.Remove((entry.Sender, entry.MessageId));
        }

        return taken;
    }

    /// <summary>A publication that is not committed yet, and who waits for it.</summary>
    public sealed record Waiting(Publication Publication, Caller Caller, DedupeEntry? Remember)
    {
        /// <summary>Who sent it again meanwhile.</summary>
        public List<Caller> Again { get; } = [];
    }
}
