using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>Publications: checked, stamped, committed, and only then told.</summary>
internal sealed partial class RoomActor
{
    /// <summary>How much may wait for the store, in bytes; beyond it a publisher is told to wait.</summary>
    private const long MaxWaitingBytes = 16 * 1024 * 1024;

    private long _lastTaken = long.MinValue / 2;

    private void OnPublish(RoomMessage.Publish publish)
    {
        if (!MayPublish(publish, out var from))
            return;
        var steady = Steady;
        _dedupe.Expire(steady);
        if (publish.MessageId is { } sentAgain)
        {
            if (_dedupe.Find(from.Id, sentAgain) is { } first)
            {
                Answer(publish.Caller, Published(sentAgain, first.Seq, first.Timestamp));
                return;
            }

            if (_line.TryJoin(from.Id, sentAgain, publish.Caller))
                return;
        }

        if (_reopening || _line.Bytes > MaxWaitingBytes)
        {
            Answer(publish.Caller, Contracts.Answer.Refused(CommandError.Overloaded));
            return;
        }

        _lastTaken = steady;
        var now = Now;
        var seq = _line.NextSeq(_log.LastSeq);
        var messageId = publish.MessageId ?? $"{_log.Epoch}-{seq}";
        var remember = publish.MessageId is null
            ? null
            : new DedupeEntry(from.Id, messageId, seq, now, steady + (long)_policy.DedupeWindow.TotalMilliseconds);
        _line.Add(new Publication(seq, messageId, from, publish.Message, now), publish.Caller, remember);
    }

    private bool MayPublish(RoomMessage.Publish publish, out User from)
    {
        from = publish.As!;
        if (publish.Caller is not Caller.Member caller)
            return true;
        if (MemberOf(caller) is not { } member)
            return false;
        from = member.Identity.User;
        return MayPublish(member, caller);
    }

    private bool MayPublish(Member member, Caller caller)
    {
        if (member.Identity.HasAny(_policy.PublishRoles))
            return true;
        Refuse(caller, ErrorCode.Forbidden, $"Publishing in room '{room}' needs the role {Roles(_policy.PublishRoles)}.");
        return false;
    }

    /// <summary>Gives what waits to the store, unless the previous batch is still on its way: its completion comes back here.</summary>
    private void WriteLine()
    {
        if (_line.IsEmpty || _line.IsWriting || _reopening)
            return;
        var batch = _line.BeginWrite();
        if (!_policy.Durable)
        {
            Tell(_line.Committed());
            return;
        }

        var append = new RoomAppend(
            room,
            _fence,
            _log.Epoch,
            [.. batch.Select(w => w.Publication)],
            [.. batch.Where(w => w.Remember is not null).Select(w => w.Remember!)],
            TrimThroughSeq: Math.Max(0, batch[^1].Publication.Seq - _policy.History),
            TrimBefore);
        var line = _line;
        Context.PipeToSelf(Append(), result => new RoomMessage.Committed(line, result), cause => new RoomMessage.CommitFailed(line, cause));

        // A store may fail at once as well as later.
        async ValueTask<AppendResult> Append() => await environment.Store.Append(append, CancellationToken.None);
    }

    private long TrimBefore => _policy.HistoryAge is { Ticks: > 0 } age ? Now - (long)age.TotalMilliseconds : 0;

    private void OnCommitted(RoomMessage.Committed committed)
    {
        if (committed.Line != _line)
            return; // The write of a room that has been started anew since.
        switch (committed.Result)
        {
            case AppendResult.Committed:
                Tell(_line.Committed());
                break;
            case AppendResult.Overloaded:
                AnswerAll(_line.Abandon(), CommandError.Overloaded);
                break;
            case AppendResult.FenceLost:
                OnFenceLost();
                return;
        }

        EndRetired();
    }

    /// <summary>Another node owns the room. In a cluster nobody is answered: what is unanswered is sent again to the new owner.</summary>
    private void OnFenceLost()
    {
        var abandoned = _line.Abandon();
        if (environment.FenceLost is { } tell)
            tell(_fence);
        else
            AnswerAll(abandoned, CommandError.Internal);
        Stop();
    }

    /// <summary>Whether the batch was stored is unknown: the store is asked how far the room is.</summary>
    private void OnCommitFailed(RoomMessage.CommitFailed failed)
    {
        if (failed.Line != _line)
            return;
        var line = _line;
        _reopening = true;
        Context.PipeToSelf(Open(NewEpoch()), record => new RoomMessage.Reopened(line, record), _ => new RoomMessage.ReopenFailed(line));
    }

    private void OnReopened(RoomMessage.Reopened reopened)
    {
        if (reopened.Line != _line)
            return;
        _reopening = false;
        if (reopened.Record is not { } record)
        {
            OnFenceLost();
            return;
        }

        if (record.Epoch != _log.Epoch || record.LastSeq < _log.LastSeq || !_line.Agrees(record))
        {
            LoadAnew("the store holds another history");
            return;
        }

        Tell(_line.CommittedThrough(record.LastSeq));
        AnswerAll(_line.Abandon(), CommandError.Internal);
        EndRetired();
    }

    private void OnReopenFailed(RoomMessage.ReopenFailed failed)
    {
        if (failed.Line == _line)
            LoadAnew("the store does not say how far it is");
    }

    /// <summary>Ends this life of the room. The next one is loaded, and the relays say again who is here; one that is given away has its next elsewhere.</summary>
    private void LoadAnew(string why)
    {
        AnswerAll(_line.Abandon(), CommandError.Internal);
        if (_isRetiring)
            Stop();
        else
            throw new RoomLostException($"Room '{room}' is loaded anew: {why}.");
    }

    private void Tell(IReadOnlyList<PublicationLine.Waiting> committed)
    {
        foreach (var (publication, caller, remember) in committed)
        {
            _log.Append(publication, caller as Caller.Member);
            if (remember is not null)
                _dedupe.Add(remember);
        }

        _log.TrimThrough(_log.LastSeq - _policy.History);
        if (TrimBefore is > 0 and var before)
            _log.TrimBefore(before);
        foreach (var waiting in committed)
            Tell(waiting);
    }

    private void Tell(PublicationLine.Waiting waiting)
    {
        var publication = waiting.Publication;
        var publisher = waiting.Caller as Caller.Member;
        var withReply = new RelayMessage.Published(publication, _log.Epoch, publisher);
        var elsewhere = publisher is null ? withReply : withReply with { Publisher = null };
        var repliedTo = publisher is null;
        foreach (var node in _members.Nodes)
        {
            var isPublishers = publisher?.Connection.Node == node;
            TellRelay(node, isPublishers ? withReply : elsewhere);
            repliedTo |= isPublishers;
        }

        var answer = Published(publication.MessageId, publication.Seq, publication.Timestamp);
        if (!repliedTo || waiting.Caller is Caller.Application)
            Answer(waiting.Caller, answer);
        foreach (var again in waiting.Again)
            Answer(again, answer);
    }

    private Answer Published(string messageId, long seq, long timestamp) =>
        Contracts.Answer.Of(new ReplyBody.Published(room, seq, _log.Epoch, messageId, timestamp));

    private void AnswerAll(IReadOnlyList<PublicationLine.Waiting> abandoned, CommandError error)
    {
        var answer = Contracts.Answer.Refused(error);
        foreach (var waiting in abandoned)
        {
            Answer(waiting.Caller, answer);
            foreach (var again in waiting.Again)
                Answer(again, answer);
        }
    }
}
