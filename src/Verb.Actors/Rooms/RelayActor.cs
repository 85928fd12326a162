using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Mailboxes;
using Verb.Actors.Regions;
using Verb.Actors.Timing;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// A room's hand on one node: encodes once what the room says and tells each of the node's members. Numbered messages that arrive together
/// are joined; everything else is told behind them, so that the room's order is every member's order. Never waits for a member.
/// </summary>
internal sealed class RelayActor(RoomId room, EntitySlot slot, RelayEnvironment environment) : EntityActor(slot)
{
    /// <summary>How many tells may wait, were every message in the mailbox one for all members: about a third of a second's work.</summary>
    private const long MostTells = 1_000_000;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ConnectionId, LocalMember> _members = [];
    private readonly List<RelayMessage.Published> _pending = [];
    private readonly HashSet<ConnectionId> _publishers = [];
    private readonly IdleTimer _idle = new(environment.Hub.Timers);
    private string _epoch = "";
    private long _lastSeq;
    private AdmissionStamp _lastAdmission;
    private long _term;

    protected override void PreStart() => _idle.Start(Self, IdleTime);

    protected override void PostStop()
    {
        _idle.Stop();
        base.PostStop();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessage told:
                _idle.Touch();
                OnTold(told);
                break;
            case BatchEnd:
                DeliverPending();
                break;
            case SweptTimer timer when _idle.IsOver(timer) && _members.Count == 0:
                TryPassivate();
                break;
        }
    }

    private void OnTold(RelayMessage message)
    {
        if (message.Term > 0)
        {
            if (message.Term < _term)
                return; // Its owner was followed by another.
            _term = message.Term;
        }

        if (message is RelayMessage.Published published)
        {
            OnPublished(published);
            return;
        }

        if (message is RelayMessage.Media or RelayMessage.Told { IsCount: false } && (long)Context.Waiting() * _members.Count > MostTells)
        {
            environment.Drops.Add(); // Too far behind for what is worth something only now: what is numbered waits for it.
            return;
        }

        DeliverPending();
        switch (message)
        {
            case RelayMessage.Answered answered:
                Find(answered.To.Connection)?.Tell(new ConnectionMessage.Answered(answered.To.Command, answered.Answer));
                break;
            case RelayMessage.Told told:
                TellAll(told);
                break;
            case RelayMessage.Media media:
                TellAll(new ConnectionMessage.Transient(new Outgoing(media.Frame, FrameKind.Binary)), media.Except, null);
                break;
            case RelayMessage.Admitted admitted:
                OnAdmitted(admitted);
                break;
            case RelayMessage.Removed removed:
                Remove(removed.Connection, removed.To?.Command ?? 0);
                break;
            case RelayMessage.CaughtUp caughtUp:
                Find(caughtUp.Connection)?.Tell(new ConnectionMessage.RoomCaughtUp(room, caughtUp));
                break;
            case RelayMessage.Closed:
                foreach (var connection in _members.Keys.ToArray())
                    Remove(connection, 0);
                break;
            case RelayMessage.WhoIsHere asked:
                asked.ReplyTo.Reply(WhoIsHere());
                break;
            case RelayMessage.RegisterAgain again:
                if (again.Stamp.IsAfter(_lastAdmission))
                    _lastAdmission = again.Stamp;
                environment.Rooms.Tell(room, WhoIsHere());
                break;
            case RelayMessage.Gone gone:
                _members.Remove(gone.Connection);
                environment.Rooms.Tell(room, new RoomMessage.Gone(gone.Connection, gone.Lost));
                break;
            case RelayMessage.Missed missed:
                OnMissed(missed.Position);
                break;
            case RelayMessage.Refreshed refreshed when _members.TryGetValue(refreshed.Connection, out var member):
                _members[refreshed.Connection] = member with { Identity = refreshed.Identity };
                break;
        }
    }

    private void OnAdmitted(RelayMessage.Admitted admitted)
    {
        _lastAdmission = admitted.Stamp;
        if (Find(admitted.To.Connection) is not { } connection)
        {
            // It is gone, and its farewell may have been lost with a link.
            environment.Rooms.Tell(room, new RoomMessage.Gone(admitted.To.Connection, Lost: true));
            return;
        }

        // What the room said while the link was down: the joiner has it in its snapshot, the others have not.
        if (admitted.Position != new Position(_epoch, _lastSeq))
            OnMissed(admitted.Position);
        connection.Tell(new ConnectionMessage.RoomAdmitted(room, admitted));
        _members[admitted.To.Connection] = new LocalMember(connection, admitted.Identity, admitted.Echo);
    }

    /// <summary>Each number once, and in order: what members have heard is not told again, and a gap is never hidden.</summary>
    private void OnPublished(RelayMessage.Published published)
    {
        var seq = published.Publication.Seq;
        if (published.Epoch == _epoch && seq <= _lastSeq)
        {
            if (published.Publisher is not { } publisher)
                return;
            DeliverPending(); // The reply stands for its number: those before it go first.
            Find(publisher.Connection)?.Tell(Reply(published, publisher));
            return;
        }

        if (published.Epoch != _epoch || seq != _lastSeq + 1)
        {
            DeliverPending();
            OnMissed(new Position(published.Epoch, seq - 1));
        }

        _lastSeq = seq;
        _pending.Add(published);
    }

    private void OnMissed(Position position)
    {
        (_epoch, _lastSeq) = (position.Epoch, position.Seq);
        foreach (var member in _members.Values)
            member.Connection.Tell(new ConnectionMessage.RoomMissed(room));
    }

    /// <summary>A connection whose farewell never reached the room is not brought back to it.</summary>
    private RoomMessage.Register WhoIsHere()
    {
        foreach (var connection in _members.Keys.Where(id => Find(id) is null).ToArray())
            _members.Remove(connection);
        return new RoomMessage.Register(
            environment.Node,
            [.. _members.Select(m => (m.Key, m.Value.Identity, m.Value.Echo))],
            new Position(_epoch, _lastSeq),
            _lastAdmission);
    }

    private void Remove(ConnectionId id, long command)
    {
        _members.Remove(id);
        Find(id)?.Tell(new ConnectionMessage.RoomRemoved(room, command));
    }

    private void TellAll(RelayMessage.Told told) => TellAll(
        new ConnectionMessage.Transient(new Outgoing(told.Event, FrameKind.Text)), told.ExceptConnection, told.ExceptUser);

    private void TellAll(ConnectionMessage message, ConnectionId? exceptConnection, UserId? exceptUser)
    {
        foreach (var (id, member) in _members)
        {
            if (id != exceptConnection && member.Identity.User.Id != exceptUser)
                member.Connection.Tell(message, ActorRefs.NoSender);
        }
    }

    private void DeliverPending()
    {
        if (_pending.Count == 0)
            return;

        var messages = new Outgoing[_pending.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = new Outgoing(WireFormat.Event(ToEvent(_pending[i])), FrameKind.Text);
            if (_pending[i].Publisher is { } publisher)
                _publishers.Add(publisher.Connection);
        }

        var joined = new ConnectionMessage.RoomDelivery(
            room, Outgoing.Join(messages), _pending[0].Publication.Seq, _pending[^1].Publication.Seq);
        foreach (var (id, member) in _members)
        {
            if (!_publishers.Contains(id))
                member.Connection.Tell(joined, ActorRefs.NoSender);
        }

        foreach (var publisher in _publishers)
            DeliverToPublisher(publisher, messages);
        _publishers.Clear();
        _pending.Clear();
    }

    /// <summary>One who published among what is pending: its replies take their messages' places, all in one message to it.</summary>
    private void DeliverToPublisher(ConnectionId id, Outgoing[] messages)
    {
        if (Find(id) is not { } connection)
            return;
        var hears = _members.TryGetValue(id, out var member);
        var steps = new List<ConnectionMessage>();
        var run = 0; // Where the messages begin that are not told yet.
        for (var i = 0; i < messages.Length; i++)
        {
            if (_pending[i].Publisher is not { } publisher || publisher.Connection != id)
                continue;
            if (hears)
                AddRun(steps, messages, run, i);
            steps.Add(Reply(_pending[i], publisher));
            run = member is { Echo: true } ? i : i + 1;
        }

        if (hears)
            AddRun(steps, messages, run, messages.Length);
        connection.Tell(new ConnectionMessage.RoomTurn(steps));
    }

    private void AddRun(List<ConnectionMessage> steps, Outgoing[] messages, int start, int end)
    {
        if (start < end)
        {
            steps.Add(new ConnectionMessage.RoomDelivery(
                room, Outgoing.Join(messages[start..end]), _pending[start].Publication.Seq, _pending[end - 1].Publication.Seq));
        }
    }

    private ConnectionMessage.RoomPublished Reply(RelayMessage.Published published, Caller.Member publisher)
    {
        var p = published.Publication;
        return new(room, publisher.Command, new ReplyBody.Published(room, p.Seq, published.Epoch, p.MessageId, p.Timestamp));
    }

    private IActorRef? Find(ConnectionId id) => environment.Connections.Find(id);

    private ServerEvent.Chat ToEvent(RelayMessage.Published published)
    {
        var p = published.Publication;
        return new ServerEvent.Chat(room, p.Seq, published.Epoch, p.MessageId, p.From, p.Message, p.Timestamp);
    }

    private sealed record LocalMember(IActorRef Connection, Identity Identity, bool Echo);
}
