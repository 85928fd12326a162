using Verb.Actors.Connections;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>Who is in the room, what they hear of each other, and what passes between them unnumbered.</summary>
internal sealed partial class RoomActor
{
    private bool _countToTell;

    /// <summary>The count to tell stands for changes that were not told singly: none is told before it.</summary>
    private bool _folds;

    /// <summary>Members were here before the room was: for the grace, who comes and knows the room may never have left it. The count tells.</summary>
    private bool _mayHaveStayed;
    private long _lastAdmission;
    private AdmissionStamp _loadedAt;
    private readonly RoomNodes _nodes = new();

    /// <summary>Who left lately, and when.</summary>
    private readonly Dictionary<ConnectionId, AdmissionStamp> _left = [];
    private readonly Queue<(AdmissionStamp Stamp, ConnectionId Connection)> _leaves = new();

    /// <summary>How long a relay may take to hear that a connection has left.</summary>
    private static readonly TimeSpan LeftTime = TimeSpan.FromSeconds(30);

    private void OnJoin(RoomMessage.Join join)
    {
        if (!join.Identity.HasAny(_policy.JoinRoles))
        {
            Refuse(join.Caller, ErrorCode.Forbidden, $"Room '{room}' needs the role {Roles(_policy.JoinRoles)}.");
            return;
        }

        if (join.Since is { } seen && IsOvertaken(seen))
        {
            Answer(join.Caller, Contracts.Answer.Refused(CommandError.Overloaded));
            return;
        }

        var user = join.Identity.User;
        Timers.Cancel(user.Id);
        var stamp = NextStamp();
        var came = _members.Add(new Member(join.From.Connection, join.Identity, join.Echo, stamp));
        Admit(join, stamp);
        if (came && !(_mayHaveStayed && join.Since?.Epoch == _log.Epoch))
            TellPresence(new ServerEvent.UserJoined(room, user, _members.UserCount), user.Id);
    }

    /// <summary>Somebody has heard more than this room knows, and another node may have taken it over: nobody is told that anything was lost.</summary>
    private bool IsOvertaken(Position seen) => seen.Epoch == _log.Epoch && seen.Seq > _log.LastSeq && environment.HasLease?.Invoke() == false;

    /// <summary>The joiner's snapshot: what is in memory, as much as is given at once; what follows it asks for page by page.</summary>
    private void Admit(RoomMessage.Join join, AdmissionStamp stamp)
    {
        ForgetAged();
        bool? recovered = null;
        long? catchUpFrom = null;
        List<Publication> replay = [];
        if (join.Identity.HasAny(_policy.ReadRoles))
        {
            if (join.Since is { } since)
                recovered = _log.Reaches(since);
            replay = recovered == true ? Slice(join.Since!.Seq) : Latest();
            var through = replay.Count > 0 ? replay[^1].Seq : recovered == true ? join.Since!.Seq : _log.LastSeq;
            if (through < _log.LastSeq)
                catchUpFrom = through;
        }
        else if (join.Since is not null)
        {
            recovered = false;
        }

        TellRelay(join.From.Connection.Node, new RelayMessage.Admitted(
            join.From, join.Identity, join.Echo, _members.UserCount, new Position(_log.Epoch, _log.LastSeq), recovered, replay, catchUpFrom, stamp));
    }

    private void OnLeave(RoomMessage.Leave leave)
    {
        var (member, userLeft, _) = _members.Remove(leave.From.Connection, linger: false);
        if (member is null && leave.Again)
        {
            RememberLeft(leave.From.Connection); // The relay may not have heard of it.
            TellRelay(leave.From.Connection.Node, new RelayMessage.Removed(leave.From.Connection, leave.From));
            return; // Done when it was said first.
        }

        if (member is null)
        {
            Refuse(leave.Caller, ErrorCode.NotInRoom, $"You are not in room '{room}'.");
            return;
        }

        RememberLeft(leave.From.Connection);
        TellRelay(leave.From.Connection.Node, new RelayMessage.Removed(leave.From.Connection, leave.From));
        if (userLeft)
            TellLeft(member.Identity.User);
    }

    private void OnGone(RoomMessage.Gone gone)
    {
        if (Lose(gone.Connection, gone.Lost))
            TellRelay(gone.Connection.Node, new RelayMessage.Removed(gone.Connection, null));
    }

    private void OnGraceOver(UserId id)
    {
        if (_members.EndLingering(id) is { } user)
            TellLeft(user);
    }

    private void OnRefresh(RoomMessage.Refresh refresh)
    {
        if (_members.Find(refresh.Connection) is { } member)
        {
            _members.Add(member with { Identity = refresh.Identity });
            TellRelay(refresh.Connection.Node, new RelayMessage.Refreshed(refresh.Connection, refresh.Identity));
        }
    }

    /// <summary>A room that is started anew counts on from the clock.</summary>
    private AdmissionStamp NextStamp() =>
        new(_fence.Term, _lastAdmission = Math.Max(_lastAdmission + 1, environment.Hub.Steady.Moment.Ticks));

    /// <summary>The members of one node, as its relay knows them. Whom the relay does not know, and was told of, is gone.</summary>
    private void OnRegister(RoomMessage.Register register)
    {
        if (register.Node is not { } node)
            return;
        var here = register.Members.Select(m => m.Connection).ToHashSet();
        foreach (var member in _members.All().Where(m => m.Connection.Node == node && !here.Contains(m.Connection)).ToArray())
        {
            if (!member.Stamp.IsAfter(register.LastAdmission))
                Lose(member.Connection);
        }

        var isNews = false;
        foreach (var (connection, identity, echo) in register.Members)
        {
            if (_members.Find(connection) is not null)
                continue; // Of one who is known the room knows more: its relay hears of a new name behind the room.
            if (HasLeft(connection, register.LastAdmission))
                TellRelay(node, new RelayMessage.Removed(connection, null)); // It was told so, perhaps over a link that was lost.
            else
                isNews |= _members.Add(new Member(connection, identity, echo, register.LastAdmission));
        }

        if (isNews)
        {
            _mayHaveStayed = _policy.LeaveGrace > TimeSpan.Zero;
            TellCountSoon(_policy.LeaveGrace);
        }
        else if (_nodes.HasHeard(node) && register.Members.Count > 0)
        {
            TellCountSoon(TimeSpan.Zero); // Who came and left meanwhile was told to a link that was lost.
        }

        if (register.Members.Count > 0)
            BringUp(node, register.Seen);
        if (_loadedAt.IsAfter(register.LastAdmission))
            return; // The answer to an earlier life of this room: the one to this life follows.
        foreach (var held in _nodes.Heard(node))
            OnLoaded(held);
    }

    /// <summary>Whether a message waits until its node's relay has said who is here.</summary>
    private bool IsHeld(RoomMessage message)
    {
        var asks = message switch
        {
            RoomMessage.Asked { Caller: Caller.Member member } => member.Connection.Node,
            RoomMessage.Gone gone => gone.Connection.Node,
            RoomMessage.Refresh refresh => refresh.Connection.Node,
            RoomMessage.CatchUp catchUp => catchUp.Connection.Node,
            _ => environment.Node,
        };
        if (asks == environment.Node || _nodes.HasHeard(asks))
            return false;
        if (message is RoomMessage.Asked asked && _nodes.IsFull(asks))
            Answer(asked.Caller, Contracts.Answer.Refused(CommandError.Overloaded));
        if (message is not RoomMessage.Media && _nodes.Hold(asks, message, Steady))
            AskWhoIsHere(asks);
        return true;
    }

    private void AskWhoIsHere(NodeId node) =>
        TellRelay(node, new RelayMessage.RegisterAgain(new AdmissionStamp(_fence.Term, _lastAdmission)));

    private void OnNodeGone(NodeId node)
    {
        foreach (var member in _members.All().Where(member => member.Connection.Node == node).ToArray())
            Lose(member.Connection);
        _nodes.Forget(node);
    }

    /// <summary>Whether a connection has left since its relay last heard: the relay lists it still.</summary>
    private bool HasLeft(ConnectionId connection, AdmissionStamp heard) => _left.TryGetValue(connection, out var stamp) && stamp.IsAfter(heard);

    /// <summary>
    /// For as long as a relay may take to hear it: it may be saying who is here at this moment. That of a node which is alone is asked only when
    /// the room is loaded.
    /// </summary>
    private void RememberLeft(ConnectionId connection)
    {
        if (environment.FenceLost is null)
            return;
        var stamp = NextStamp();
        while (_leaves.TryPeek(out var oldest) && oldest.Stamp.Number < stamp.Number - LeftTime.Ticks)
        {
            _leaves.Dequeue();
            if (_left.TryGetValue(oldest.Connection, out var last) && last == oldest.Stamp)
                _left.Remove(oldest.Connection);
        }

        _left[connection] = stamp;
        _leaves.Enqueue((stamp, connection));
    }

    /// <summary>A connection is gone; <paramref name="lost"/> where it did not say so. False where it was not here.</summary>
    private bool Lose(ConnectionId connection, bool lost = true)
    {
        var (member, userLeft, lingers) = _members.Remove(connection, linger: lost && _policy.LeaveGrace > TimeSpan.Zero);
        if (member is null)
            return false;
        var user = member.Identity.User;
        if (userLeft)
            TellLeft(user);
        else if (lingers)
            Timers.StartSingleTimer(user.Id, new RoomMessage.GraceOver(user.Id), _policy.LeaveGrace);
        return true;
    }

    /// <summary>
    /// Tells a relay what its members have not heard yet; where that is not in memory, or whose it is is not known, that they missed something:
    /// what is live skips the connection that sent it.
    /// </summary>
    private void BringUp(NodeId node, Position seen)
    {
        if (!_log.Reaches(seen) || !_log.HoldsAfter(seen.Seq) || seen.Seq < _log.LoadedSeq)
        {
            TellRelay(node, new RelayMessage.Missed(new Position(_log.Epoch, _log.LastSeq)));
            return;
        }

        foreach (var (publication, publisher) in _log.AfterWithPublishers(seen.Seq))
            TellRelay(node, new RelayMessage.Published(publication, _log.Epoch, publisher?.Connection.Node == node ? publisher : null));
    }

    private void OnClose(RoomMessage.Close close)
    {
        TellMembers(new RelayMessage.Closed());
        foreach (var member in _members.All())
        {
            _members.Remove(member.Connection, linger: false);
            RememberLeft(member.Connection);
        }

        Answer(close.Caller, Contracts.Answer.Done);
    }

    private void OnTyping(RoomMessage.Typing typing)
    {
        if (MemberOf(typing.From) is not { } member)
            return;
        var user = member.Identity.User;
        if (_members.MayType(user.Id, Steady))
            TellMembers(new RelayMessage.Told(WireFormat.Event(new ServerEvent.UserTyping(room, user)), null, user.Id));
        Answer(typing.Caller, Contracts.Answer.Done);
    }

    private void OnEvent(RoomMessage.SendEvent sent)
    {
        if (MemberOf(sent.From) is not { } member || !MayPublish(member, sent.From))
            return;
        TellMembers(new RelayMessage.Told(
            WireFormat.Event(new ServerEvent.RoomEvent(room, sent.Event, member.Identity.User, sent.Body, Now)), sent.From.Connection, null));
        Answer(sent.Caller, Contracts.Answer.Done);
    }

    private void OnMedia(RoomMessage.Media media)
    {
        if (MemberOf(media.From) is not { } member || !MayPublish(member, media.From))
            return;
        TellMembers(new RelayMessage.Media(media.Frame, media.From.Connection));
        Answer(media.Caller, Contracts.Answer.Done);
    }

    private void OnShareFile(RoomMessage.ShareFile shared)
    {
        if (MemberOf(shared.From) is not { } member || !MayPublish(member, shared.From))
            return;
        TellMembers(new RelayMessage.Told(shared.Event, shared.From.Connection, null));
        Answer(shared.Caller, Contracts.Answer.Done);
    }

    /// <summary>The member behind a command; where there is none, the command is refused.</summary>
    private Member? MemberOf(Caller.Member caller)
    {
        var member = _members.Find(caller.Connection);
        if (member is null)
            Refuse(caller, ErrorCode.NotInRoom, $"You are not in room '{room}'.");
        return member;
    }

    private void TellLeft(User user) => TellPresence(new ServerEvent.UserLeft(room, user, _members.UserCount), user.Id);

    private void TellPresence(ServerEvent single, UserId about)
    {
        if (!_policy.Presence)
            return;
        if (_pace.TellsSingly(Steady, _members.UserCount) && !_folds)
        {
            TellMembers(new RelayMessage.Told(WireFormat.Event(single), null, about));
            return;
        }

        _folds = true;
        TellCountSoon(TimeSpan.Zero);
    }

    /// <summary>
    /// How many are here, at the end of the pace's window, or later. A room whose members came to it by registration does not know who was
    /// lost with its last owner: the count tells its members.
    /// </summary>
    private void TellCountSoon(TimeSpan atLeast)
    {
        if (_countToTell || !_policy.Presence)
            return;
        _countToTell = true;
        var window = TimeSpan.FromMilliseconds(PresencePace.Window);
        Timers.StartSingleTimer(nameof(RoomMessage.TellPresence), new RoomMessage.TellPresence(), atLeast > window ? atLeast : window);
    }

    private void TellCount()
    {
        _countToTell = _folds = _mayHaveStayed = false;
        TellMembers(new RelayMessage.Told(WireFormat.Event(new ServerEvent.RoomPresence(room, _members.UserCount)), null, null));
    }

    private static string Roles(IReadOnlyList<string> roles) => string.Join(" or ", roles.Select(role => $"'{role}'"));
}
