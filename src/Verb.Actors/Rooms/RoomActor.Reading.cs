using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>What the room tells of itself: members, history, and what a slow connection missed.</summary>
internal sealed partial class RoomActor
{
    /// <summary>How much a connection is given at once when it catches up, in bytes: then it asks on.</summary>
    private const int CatchUpBytes = 4 * HistoryPaging.PageBytes;

    private const int CatchUpMessages = 2000;

    private void OnReading(RoomMessage message)
    {
        switch (message)
        {
            case RoomMessage.GetHistory get:
                OnGetHistory(get);
                break;
            case RoomMessage.HistoryRead read:
                AnswerHistory(read.Caller, read.Since, read.Page);
                break;
            case RoomMessage.GetMembers get when MayRead(get.Caller, get.Reader):
                var (users, more) = _members.Page(get.After, get.Limit);
                Answer(get.Caller, Contracts.Answer.Of(new ReplyBody.MemberPage(room, _members.UserCount, users, more)));
                break;
            case RoomMessage.GetState get when MayRead(get.Caller, get.Reader):
                Answer(get.Caller, Contracts.Answer.Of(new ReplyBody.RoomState(room, _members.UserCount, _log.Epoch, _log.LastSeq)));
                break;
            case RoomMessage.CheckRead check when MayRead(check.Caller, check.Reader):
                Answer(check.Caller, Contracts.Answer.Done);
                break;
            case RoomMessage.CatchUp catchUp:
                OnCatchUp(catchUp);
                break;
            case RoomMessage.CaughtUp caughtUp:
                OnCaughtUp(caughtUp);
                break;
            case RoomMessage.ReadFailed { Caller: { } caller }:
                Answer(caller, Contracts.Answer.Refused(CommandError.Internal));
                break;
            case RoomMessage.ReadFailed failed:
                TellLatest(failed.Connection);
                break;
        }
    }

    /// <summary>Members read by the room's read policy; an outsider with a user's token needs to be allowed in, too.</summary>
    private bool MayRead(Caller caller, Identity? reader)
    {
        if (caller is Caller.Member member)
        {
            if (MemberOf(member) is not { } inRoom)
                return false;
            reader = inRoom.Identity;
        }

        if (reader is null || (reader.HasAny(_policy.ReadRoles) && reader.HasAny(_policy.JoinRoles)))
            return true;
        Refuse(caller, ErrorCode.Forbidden, $"Reading room '{room}' needs the role {Roles([.. _policy.ReadRoles.Concat(_policy.JoinRoles).Distinct()])}.");
        return false;
    }

    private void OnGetHistory(RoomMessage.GetHistory get)
    {
        if (!MayRead(get.Caller, get.Reader))
            return;

        ForgetAged();

        // Another lineage has nothing in common with this one: the whole of this one follows.
        var since = get.Since is { } asked && asked.Epoch != _log.Epoch ? asked with { Seq = 0 } : get.Since;
        if (!_policy.Durable)
        {
            AnswerHistory(get.Caller, since, FromMemory(since, get.Before ?? long.MaxValue, get.Limit));
            return;
        }

        var through = _log.LastSeq;
        Context.PipeToSelf(
            Read(),
            read => new RoomMessage.HistoryRead(get.Caller, since, read),
            cause => new RoomMessage.ReadFailed(get.Caller, default, cause));

        async ValueTask<HistoryPage> Read() => since is not null
            ? await environment.Store.Read(room, since.Seq, through, get.Limit, HistoryPaging.PageBytes, CancellationToken.None)
            : await environment.Store.ReadLatest(room, Math.Min(get.Before ?? long.MaxValue, through + 1), get.Limit, HistoryPaging.PageBytes, CancellationToken.None);
    }

    private HistoryPage FromMemory(Position? since, long before, int limit)
    {
        if (since is not null)
        {
            var after = _log.After(since.Seq).Take(limit + 1).ToList();
            return new HistoryPage([.. after.Take(limit)], after.Count <= limit, _log.FirstSeq);
        }

        var earlier = _log.After(0).Where(p => p.Seq < before).ToList();
        return new HistoryPage([.. earlier.Skip(earlier.Count - limit)], earlier.Count <= limit, _log.FirstSeq);
    }

    private void AnswerHistory(Caller caller, Position? since, HistoryPage page)
    {
        var kept = page.Messages;
        var complete = page.Complete;
        if (TrimBefore is > 0 and var before && kept.Count > 0 && kept[0].Timestamp < before)
        {
            kept = [.. kept.SkipWhile(publication => publication.Timestamp < before)];
            complete |= since is null;
        }

        var messages = HistoryPaging.Page(kept, since is null ? HistoryPaging.StartOfLastPage(kept) : 0);
        complete &= messages.Count == kept.Count;
        Answer(caller, Contracts.Answer.Of(new ReplyBody.HistoryPage(room, _log.Epoch, messages, complete)));
    }

    private void OnCatchUp(RoomMessage.CatchUp catchUp)
    {
        if (_members.Find(catchUp.Connection) is not { } member || IsOvertaken(catchUp.Since))
            return; // The connection asks again.
        ForgetAged();
        if (!member.Identity.HasAny(_policy.ReadRoles))
            TellCaughtUp(catchUp.Connection, recovered: false, [], _log.LastSeq);
        else if (!_log.Reaches(catchUp.Since))
            TellLatest(catchUp.Connection);
        else if (_log.HoldsAfter(catchUp.Since.Seq))
            TellSlice(catchUp.Connection, catchUp.Since.Seq);
        else
            ReadOn(catchUp);
    }

    private void TellSlice(ConnectionId connection, long after)
    {
        var slice = Slice(after);
        TellCaughtUp(connection, recovered: true, slice, slice.Count == 0 ? _log.LastSeq : slice[^1].Seq);
    }

    /// <summary>Not what the connection asked for: what a joiner is shown.</summary>
    private void TellLatest(ConnectionId connection)
    {
        var latest = Latest();
        TellCaughtUp(connection, recovered: false, latest, latest.Count == 0 ? _log.LastSeq : latest[^1].Seq);
    }

    /// <summary>What follows <paramref name="after"/> and is in memory, as much as one connection is given at once; empty where it is not.</summary>
    private List<Publication> Slice(long after) => _log.HoldsAfter(after) ? Slice(_log.After(after)) : [];

    /// <summary>What a joiner is shown, as much of it as one connection is given at once.</summary>
    private List<Publication> Latest() => Slice(_log.Latest(_policy.Replay));

    private static List<Publication> Slice(IEnumerable<Publication> publications)
    {
        var slice = new List<Publication>();
        var bytes = 0;
        foreach (var publication in publications)
        {
            bytes += publication.Size;
            if (bytes > CatchUpBytes && slice.Count > 0)
                break;
            slice.Add(publication);
        }

        return slice;
    }

    private void ReadOn(RoomMessage.CatchUp catchUp)
    {
        var through = _log.LastSeq;
        Context.PipeToSelf(
            Read(),
            page => new RoomMessage.CaughtUp(catchUp.Connection, catchUp.Since.Seq, page),
            cause => new RoomMessage.ReadFailed(null, catchUp.Connection, cause));

        async ValueTask<HistoryPage> Read() => await environment.Store.Read(
            room, catchUp.Since.Seq, through, CatchUpMessages, CatchUpBytes, CancellationToken.None);
    }

    private void OnCaughtUp(RoomMessage.CaughtUp read)
    {
        // Trimmed while it was read: what follows would have a gap.
        if (read.Page.Messages.Count == 0 || read.Page.Messages[0].Seq != read.After + 1)
            TellLatest(read.Connection);
        else
            TellCaughtUp(read.Connection, recovered: true, read.Page.Messages, read.Page.Messages[^1].Seq);
    }

    private void TellCaughtUp(ConnectionId connection, bool recovered, IReadOnlyList<Publication> page, long through) =>
        TellRelay(connection.Node, new RelayMessage.CaughtUp(
            connection, _log.Epoch, recovered, page, through, Complete: through == _log.LastSeq));

    /// <summary>A room in which nobody publishes forgets what is too old when somebody asks.</summary>
    private void ForgetAged()
    {
        if (TrimBefore is > 0 and var before)
            _log.TrimBefore(before);
    }
}
