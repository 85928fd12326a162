using Verb.Actors.Delivery;
using Verb.Actors.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Commands: paced, checked, given to whom they concern, and answered once.</summary>
internal sealed partial class ConnectionActor
{
    private readonly PendingCommands _pending = new();
    private readonly RefusalCount _refusals = new(setup.Limits.RefusedCommands);
    private readonly Queue<ConnectionMessage> _held = new();
    private long _heldBytes;
    private TokenBucket? _bucket;

    /// <summary>Joins and readings of history under way at once: each may bring a megabyte.</summary>
    private const int MostReplays = 8;

    private bool _releasing;

    /// <summary>Whether what the client sent has to wait: until it is known who it is, and while it is owed as much as one client may be.</summary>
    private bool MustHold => _authenticating || (_identity is not null && !_registered) || OwesTooMuch;

    private bool OwesTooMuch => _pending.Count >= PendingCommands.Limit || _pending.Replays >= MostReplays
        || _outbox.ReplyCount >= PendingCommands.Limit || _outbox.ReplyBytes >= MaxReplyBytes;

    private void OnReceived(ConnectionMessage.Received received)
    {
        environment.Counters.Command();
        _bucket ??= new TokenBucket(setup.Limits.CommandsPerSecond, setup.Limits.Burst, environment.Hub.Clock);
        if (!_bucket.TryTake(1, out var retryAfter))
        {
            var wait = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalMilliseconds));
            Refuse(received.Command, new CommandError(
                ErrorCode.RateLimited, $"More than {setup.Limits.CommandsPerSecond} commands a second.", wait));
        }
        else if (MustHold || _held.Count > 0)
        {
            Hold(received, 0);
        }
        else
        {
            OnCommand(received.Command);
        }
    }

    private void OnCommand(Command command)
    {
        if (command is Command.Authenticate authenticate)
            OnAuthenticate(authenticate);
        else if (_identity is null)
            Refuse(command, ErrorCode.AuthRequired, "Authenticate first.");
        else
            Handle(command, _identity);
    }

    /// <summary>Keeps what came too early, in its order. The reader gate bounds it.</summary>
    private void Hold(ConnectionMessage message, int bytes)
    {
        _held.Enqueue(message);
        _heldBytes += bytes;
        UpdateGate();
    }

    private void ReleaseHeld()
    {
        _releasing = true;
        while (!MustHold && !_closing && !_ended && _held.TryDequeue(out var message))
        {
            if (message is ConnectionMessage.Received received)
                OnCommand(received.Command);
            else if (message is ConnectionMessage.ReceivedBinary binary)
                OnBinary(binary.Frame);
        }

        _releasing = false;
        if (_held.Count == 0)
            _heldBytes = 0;
        UpdateGate();
    }

    private void Handle(Command command, Identity identity)
    {
        switch (command)
        {
            case Command.Chat chat:
                ToRoom(chat, chat.Room, from => new RoomMessage.Publish(from, chat.Message, chat.MessageId, null));
                break;
            case Command.Ping ping:
                Done(ping, new ReplyBody.Pong(ping.Timestamp, Now));
                Emit(new ServerEvent.Pong(ping.Timestamp, Now));
                break;
            case Command.JoinRoom join:
                OnJoin(join, identity);
                break;
            case Command.LeaveRoom leave:
                ToRoom(leave, leave.Room, from => new RoomMessage.Leave(from));
                break;
            case Command.Typing typing:
                ToRoom(typing, typing.Room, from => new RoomMessage.Typing(from));
                break;
            case Command.SendRoomEvent sent:
                ToRoom(sent, sent.Room, from => new RoomMessage.SendEvent(from, sent.Event, sent.Body));
                break;
            case Command.Members members:
                ToRoom(members, members.Room, from => new RoomMessage.GetMembers(from, null, members.After, members.Limit));
                break;
            case Command.History history:
                ToRoom(history, history.Room, from => new RoomMessage.GetHistory(from, null, history.Since, history.Before, history.Limit));
                break;
            case Command.Subscribe subscribe:
                OnSubscribe(subscribe, identity);
                break;
            case Command.Unsubscribe unsubscribe:
                OnUnsubscribe(unsubscribe);
                break;
            case Command.GetTopics:
                var topics = environment.Catalog.Names;
                Emit(new ServerEvent.Topics(topics));
                Done(command, new ReplyBody.Topics(topics));
                break;
            case Command.Publish publish:
                OnPublish(publish, identity);
                break;
            case Command.SendPrivateMessage send:
                ToUser(send, send.Target, from => new UserMessage.Send(from, identity.User, send.Message, send.MessageId));
                break;
            case Command.InboxAck acknowledge:
                ToUser(acknowledge, identity.User.Id, from => new UserMessage.Acknowledge(from, acknowledge.Seq));
                break;
            case Command.SetUsername set:
                OnSetUsername(set, identity);
                break;
            case Command.Admin admin:
                OnAdmin(admin, identity);
                break;
            case Command.Request request:
                OnRequest(request, identity);
                break;
            default:
                OnFileCommand(command, identity);
                break;
        }
    }

    private void OnMalformed(ConnectionMessage.Malformed malformed)
    {
        if (_identity is null && malformed.Error.Code is not (ErrorCode.InvalidJson or ErrorCode.InvalidMessage or ErrorCode.PayloadTooLarge))
            Refuse(malformed.Id, malformed.Type, new CommandError(ErrorCode.AuthRequired, "Authenticate first."));
        else
            Refuse(malformed.Id, malformed.Type, malformed.Error);
    }

    /// <summary>Gives a command to a room; the room's answer comes back through the relay.</summary>
    private void ToRoom(Command command, RoomId room, Func<Caller.Member, RoomMessage.Asked> message)
    {
        var number = Await(command);
        Run(number, new Errand.OfRoom(room, message(new Caller.Member(setup.Id, number))));
    }

    private void ToUser(Command command, UserId user, Func<Caller.Member, UserMessage> message)
    {
        var number = Await(command);
        Run(number, new Errand.OfUser(user, message(new Caller.Member(setup.Id, number))));
    }

    /// <summary>Remembers a command that somebody else answers.</summary>
    private long Await(Command command)
    {
        if (_pending.Count == 0)
            StartTimer(ConnectionTimer.Timeouts, PendingCommands.Timeout);
        var number = _pending.Add(command, Steady);
        UpdateGate();
        return number;
    }

    private void OnAnswered(long number, Answer answer)
    {
        if (_pending.Take(number) is not { } pending)
            return;
        if (answer.Error is { } error)
        {
            // What refuses it now has not seen it done before: by an earlier owner, and then, perhaps, a leave that came behind it.
            if (pending.WasRepeated && error.Code is ErrorCode.NotInRoom or ErrorCode.Overloaded)
                error = CommandError.Internal;
            if (pending.Joining is { } room)
                EndJoining(room);
            Refuse(pending.Id, pending.Type, error);
        }
        else if (pending.Id is { } id)
        {
            Reply(id, answer.Body!);
        }

        UpdateGate();
    }

    private void OnTimeouts()
    {
        foreach (var overdue in _pending.TakeOverdue(Steady))
        {
            if (overdue.Joining is { } room)
                GiveUpJoining(room);
            Refuse(overdue.Id, overdue.Type, FileError.OfTimeout(overdue.Type));
        }

        if (_pending.Count > 0)
            StartTimer(ConnectionTimer.Timeouts, TimeSpan.FromSeconds(1));
        UpdateGate();
    }

    private void Done(Command command, ReplyBody body)
    {
        if (command.Id is { } id)
            Reply(id, body);
    }

    private void Reply(string id, ReplyBody body) =>
        Send(new OutboxEntry(new Outgoing(WireFormat.Reply(id, body), FrameKind.Text), OutboxKind.Reply));

    private void Refuse(Command command, ErrorCode code, string message) => Refuse(command, new CommandError(code, message));

    private void Refuse(Command command, CommandError error) => Refuse(command.Id, command.Type, error);

    private void Refuse(string? id, string? type, CommandError error)
    {
        environment.Counters.Refusal();
        if (id is not null)
            Send(new OutboxEntry(new Outgoing(WireFormat.Reply(id, error), FrameKind.Text), OutboxKind.Reply));
        else
            Emit(new ServerEvent.Error(error, type));
        var isClientsFault = error.Code is not (ErrorCode.Internal or ErrorCode.Timeout or ErrorCode.Overloaded);
        if (isClientsFault && _refusals.IsFlood(Steady))
            End(CloseReason.Flood);
    }
}
