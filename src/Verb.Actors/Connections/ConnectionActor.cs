using Akka.Actor;
using Akka.Dispatch;
using Verb.Actors.Mailboxes;
using Verb.Actors.Rooms;
using Verb.Actors.Timing;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>
/// One client's connection: the only writer of its socket. It checks what the client may do before it asks rooms, topics and users, and
/// keeps what waits for a slow socket within its bound. Its concerns are told in the files beside this one.
/// </summary>
internal sealed partial class ConnectionActor(ConnectionSetup setup, IClientSocket socket, ConnectionEnvironment environment)
    : UntypedActor, IRequiresMessageQueue<IBatchingQueue>
{
    /// <summary>What a page says that is left or loaded again (RFC 6455, section 7.4.1): it may be back in a moment.</summary>
    private const ushort GoingAway = 1001;

    /// <summary>However little may wait for its socket, the hub's own bursts must find a place: what its mailbox takes as configured.</summary>
    private const int LeastMailbox = 1024;

    private readonly Dictionary<RoomId, JoinedRoom> _rooms = [];
    private readonly HashSet<TopicName> _topics = [];
    private readonly ConnectionTimers _timers = new(environment.Hub.Timers);
    private Identity? _identity;
    private UserId? _registeredAs;
    private bool _registered;
    private bool _ended;
    private bool _mayReturn;

    /// <summary>The wall time, for what is shown.</summary>
    private long Now => environment.Hub.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The steady time, for what is judged.</summary>
    private long Steady => environment.Hub.Steady.Now;

    protected override void PreStart()
    {
        try
        {
            Begin();
        }
        catch
        {
            PostStop(); // Akka.NET calls it only for who was started.
            throw;
        }
    }

    private void Begin()
    {
        if (setup.Socket.SendBufferMessages > LeastMailbox)
            Context.SetMailboxBound(setup.Socket.SendBufferMessages);
        environment.Connections.Add(setup.Id, Self);
        StartLife();
        if (setup.TokenRefusal is { } refusal)
        {
            Emit(new ServerEvent.AuthFailed(refusal));
            End(CloseReason.InvalidToken);
        }
        else if (setup.Identity is { } identity)
        {
            Register(identity);
        }
        else
        {
            Welcome(null);
            AwaitToken();
        }

        OnBatchEnd();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BatchEnd:
                OnBatchEnd();
                break;
            case ConnectionMessage.Read read:
                foreach (var frame in read.Messages)
                    OnTold(frame);
                setup.Gate.GiveBack();
                break;
            case ConnectionMessage told:
                OnTold(told);
                break;
            case SweptTimer timer when _timers.Take(timer) is { } due:
                OnTimer(due);
                break;
        }
    }

    private void OnTold(ConnectionMessage message)
    {
        switch (message)
        {
            case ConnectionMessage.Lost:
                Finish(new CloseReason(1006, "Connection lost"), lost: true);
                break;
            case ConnectionMessage.PeerClosed closed:
                _mayReturn = !_closing && closed.Reply.Code == GoingAway;
                OnPeerClosed(closed);
                break;
            case ConnectionMessage.Flushed flushed:
                OnFlushed(flushed.Alive);
                break;
            default:
                if (!_ended && !_closing)
                    OnLive(message);
                else if (message is IRefusable refusable)
                    refusable.Refuse(Self, ActorRefs.NoSender, Refusal.Stopped);
                break;
        }
    }

    private void OnTimer(ConnectionTimer timer)
    {
        if (timer == ConnectionTimer.Closing)
            CloseSocket();
        else if (!_ended && !_closing)
            OnTick(timer);
    }

    private void OnBatchEnd()
    {
        EndIfAnswered();
        FlushWritten();
    }

    protected override void PostStop()
    {
        if (_ended)
            return;
        socket.Close(CloseReason.InternalError);
        Finish(CloseReason.InternalError, lost: false);
    }

    private void OnLive(ConnectionMessage message)
    {
        switch (message)
        {
            case ConnectionMessage.RoomDelivery delivery:
                OnRoomDelivery(delivery);
                break;
            case ConnectionMessage.Received received:
                OnReceived(received);
                break;
            case ConnectionMessage.RoomPublished published:
                OnRoomPublished(published);
                break;
            case ConnectionMessage.RoomTurn turn:
                OnRoomTurn(turn);
                break;
            case ConnectionMessage.Answered answered:
                OnAnswered(answered.Command, answered.Answer);
                break;
            case ConnectionMessage.Overloaded overloaded:
                OnAnswered(overloaded.Caller.Command, Answer.Refused(CommandError.Overloaded));
                break;
            case ConnectionMessage.TopicDelivery delivery:
                OnTopicDelivery(delivery);
                break;
            case ConnectionMessage.Transient transient:
                Send(new OutboxEntry(transient.Message, OutboxKind.Transient));
                break;
            case ConnectionMessage.ReceivedBinary binary:
                OnReceivedBinary(binary);
                break;
            case ConnectionMessage.RoomAdmitted admitted:
                OnRoomAdmitted(admitted);
                break;
            case ConnectionMessage.RoomRemoved removed:
                OnRoomRemoved(removed);
                break;
            case ConnectionMessage.RoomCaughtUp caughtUp:
                OnRoomCaughtUp(caughtUp);
                break;
            case ConnectionMessage.RoomMissed missed:
                OnRoomMissed(missed.Room);
                break;
            case ConnectionMessage.TopicSubscribed subscribed:
                OnTopicSubscribed(subscribed);
                break;
            case ConnectionMessage.TopicMissed missed:
                AskAgain(missed.Topic);
                break;
            case ConnectionMessage.InboxDelivery item:
                OnInboxDelivery(item);
                break;
            case ConnectionMessage.Tell tell:
                Send(new OutboxEntry(tell.Message, OutboxKind.Reply));
                break;
            case ConnectionMessage.CloseWith close:
                End(close.Reason);
                break;
            case ConnectionMessage.Malformed malformed:
                OnMalformed(malformed);
                break;
            default:
                OnHousekeeping(message);
                break;
        }
    }

    private void OnHousekeeping(ConnectionMessage message)
    {
        switch (message)
        {
            case ConnectionMessage.Pinged pinged:
                OnPinged(pinged.Payload);
                break;
            case ConnectionMessage.Ponged:
                OnPonged();
                break;
            case ConnectionMessage.ShardsMoved moved:
                OnShardsMoved(moved.Shards);
                break;
            case ConnectionMessage.Probe probe:
                OnProbe(probe.Deadline);
                break;
            case ConnectionMessage.Registered:
                OnRegistered();
                break;
            case ConnectionMessage.RegistrationRefused when _registered:
                StartTimer(ConnectionTimer.RegisterAgain, RegisterAgainTime); // The user's new owner could not load the user yet.
                break;
            case ConnectionMessage.RegistrationRefused refused:
                End(refused.Reason);
                break;
            case ConnectionMessage.Authenticated authenticated:
                OnAuthenticated(authenticated.Command, authenticated.Result);
                break;
            default:
                OnFileMessage(message);
                break;
        }
    }

    /// <summary>The end: everyone who counted on this connection is told, once.</summary>
    private void Finish(CloseReason reason, bool lost)
    {
        if (_ended)
            return;
        _ended = true;
        if (lost)
            socket.Abort();
        if (lost && _farewell is { } said)
            (reason, lost) = (said, false);
        environment.Connections.Remove(setup.Id); // First: a relay that counts its members meanwhile does not find it.
        foreach (var room in _rooms.Keys)
            environment.RoomRelays.Tell(room, new RelayMessage.Gone(setup.Id, lost || _mayReturn));
        foreach (var topic in _topics)
            environment.TopicRelays.Tell(topic, new TopicRelayMessage.Unsubscribe(setup.Id));
        if (_registeredAs is { } user)
            environment.Users.Tell(user, new UserMessage.Unregister(setup.Id));
        AbandonUpload();
        environment.Counters.Dropped(_outbox.Shed);
        _timers.CancelAll();
        setup.Gate.End();
        Context.Stop(Self);
        CancelRequests();
        setup.Observer?.Ended(reason, lost);
    }
}
