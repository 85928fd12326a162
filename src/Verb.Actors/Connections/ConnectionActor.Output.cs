using Verb.Actors.Delivery;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>
/// Writing: straight into the socket while it takes more, into the outbox while it does not. One flush a batch. While the client is owed too
/// many replies its reader waits.
/// </summary>
internal sealed partial class ConnectionActor
{
    /// <summary>How much is written before a flush asks the socket whether it takes more.</summary>
    private const int FlushBytes = 64 * 1024;

    /// <summary>How many bytes of replies and replay may wait before the reader does.</summary>
    private const int MaxReplyBytes = 256 * 1024;

    private readonly Outbox _outbox = new(setup.Socket.SendBufferBytes, setup.Socket.SendBufferMessages, setup.Socket.Overflow);
    private bool _blocked;
    private bool _dirty;
    private bool _gateClosed;
    private bool _closing;
    private CloseReason _closeReason;
    private int _unflushed;

    private void Emit(ServerEvent serverEvent) =>
        Send(new OutboxEntry(new Outgoing(WireFormat.Event(serverEvent), FrameKind.Text), OutboxKind.Reply));

    private void Send(OutboxEntry entry)
    {
        if (!_blocked && _outbox.IsEmpty)
        {
            Write(entry);
            return;
        }

        if (_outbox.Offer(entry))
        {
            UpdateGate();
            return;
        }

        environment.Counters.ClosedTooSlow();
        End(CloseReason.TooSlow);
    }

    private void Write(OutboxEntry entry)
    {
        socket.Write(entry.Message);
        environment.Counters.Wrote(entry.Messages, entry.Bytes);
        _dirty = true;
        _unflushed += entry.Bytes;
        if (entry.Room is { } room && _rooms.TryGetValue(room, out var joined) && !_outbox.Behind.Contains(room))
            joined.LastSeq = Math.Max(joined.LastSeq, entry.LastSeq);
        if (entry.InboxSeq > 0 && _registeredAs is { } user)
            environment.Users.Tell(user, new UserMessage.Written(entry.InboxSeq));
        if (_unflushed >= FlushBytes)
            FlushWritten();
    }

    private void FlushWritten()
    {
        if (!_dirty || _blocked || _ended)
            return;
        _dirty = false;
        _unflushed = 0;
        var flush = socket.Flush();
        if (flush.IsCompletedSuccessfully)
        {
            if (!flush.Result)
                Finish(new CloseReason(1006, "Connection lost"), lost: true);
            return;
        }

        _blocked = true;
        Context.PipeToSelf(
            flush, static alive => new ConnectionMessage.Flushed(alive), static _ => new ConnectionMessage.Flushed(false));
    }

    private void OnFlushed(bool alive)
    {
        _blocked = false;
        if (_ended)
            return;
        if (!alive)
        {
            Finish(new CloseReason(1006, "Connection lost"), lost: true);
            return;
        }

        if (_owedPong is { } payload)
        {
            _owedPong = null;
            OnPinged(payload);
        }

        if (_owesPing)
            SendPing();

        while (!_blocked && !_ended && _outbox.TryTake(out var entry))
            Write(entry);
        if (_blocked || _ended)
            return;
        UpdateGate();
        if (_closing)
        {
            CloseSocket();
            return;
        }

        setup.Observer?.Drained();
        foreach (var room in _outbox.Behind)
            CatchUp(room);
        foreach (var topic in _outbox.TakeMissedTopics())
            AskAgain(topic);
        PingIfDue();
    }

    /// <summary>Ends the connection with a close frame behind what already waits for the client.</summary>
    private void End(CloseReason reason)
    {
        if (_closing || _ended)
            return;
        _closing = true;
        _closeReason = reason;
        UpdateGate();

        // A client that was too slow is not waited for; any other has a while to take what waits for it.
        if (reason == CloseReason.TooSlow || (!_blocked && _outbox.IsEmpty))
            CloseSocket();
        else
            StartTimer(ConnectionTimer.Closing, ClosingTime);
    }

    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(5);

    private void CloseSocket()
    {
        socket.Close(_closeReason);
        Finish(_closeReason, lost: false);
    }

    private void UpdateGate()
    {
        var wasClosed = _gateClosed;
        _gateClosed = !_closing && !_ended && (_pending.Count >= PendingCommands.Limit || _outbox.ReplyCount >= PendingCommands.Limit
            || _outbox.ReplyBytes >= MaxReplyBytes || _held.Count >= PendingCommands.Limit || _heldBytes >= MaxReplyBytes || FilesAreBehind);
        if (_gateClosed && !wasClosed)
        {
            setup.Gate.Close();
        }
        else if (wasClosed && !_gateClosed)
        {
            setup.Gate.Open();
            RestartPongDeadline();
        }

        if (_held.Count > 0 && !_releasing && !MustHold)
            ReleaseHeld();
    }
}
