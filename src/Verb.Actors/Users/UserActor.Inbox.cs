using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Durability;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>The inbox: stored first, then told to every connection, told again on each connect until acknowledged.</summary>
internal sealed partial class UserActor
{
    /// <summary>How long a sender waits for the first socket to take the item; then it is answered <c>queued</c>.</summary>
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromSeconds(2);

    /// <summary>How many items may wait for the store; beyond it a sender is told to wait.</summary>
    private const int MaxStoring = 1000;

    private readonly HashSet<long> _written = [];
    private long _failed;
    private readonly Dictionary<long, Sending> _storing = [];
    private readonly Dictionary<long, Sending> _delivering = [];

    private void OnInbox(UserMessage message)
    {
        switch (message)
        {
            case UserMessage.Send send:
                OnSend(send);
                break;
            case UserMessage.Stored stored:
                OnStored(stored);
                break;
            case UserMessage.StoreFailed failed:
                _failed = failed.Seq;
                Reopen();
                break;
            case UserMessage.Reopened reopened:
                OnReopened(reopened.Record, _failed);
                break;
            case UserMessage.Written written:
                if (_inbox.Holds(written.Seq) && _written.Add(written.Seq) && _written.Count > Inbox.MaxItems)
                    _written.RemoveWhere(seq => !_inbox.Holds(seq)); // Dropped unacknowledged.
                EndDelivery(written.Seq, written: true);
                break;
            case UserMessage.DeliveryOver over:
                EndDelivery(over.Seq, written: false);
                break;
            case UserMessage.Acknowledge acknowledge:
                OnAcknowledge(acknowledge);
                break;
            case UserMessage.Acked acked:
                OnAcked(acked);
                break;
        }
    }

    private void OnSend(UserMessage.Send send)
    {
        if (send.From is not null && !_seen)
        {
            Answer(send.Caller, Contracts.Answer.Refused(ErrorCode.NotFound, $"Nobody has been here as '{id}'."));
            return;
        }

        var steady = Steady;
        var sender = send.From?.Id ?? User.Application.Id;
        if (send.MessageId is { } sentAgain && _inbox.Find(sender, sentAgain, steady) is { } first)
        {
            AnswerAgain(send.Caller, first);
            return;
        }

        if (_isUnsure || _storing.Count >= MaxStoring)
        {
            Answer(send.Caller, Contracts.Answer.Refused(CommandError.Overloaded));
            if (!_isWriting)
                Reopen();
            return;
        }

        var now = Now;
        var seq = _inbox.NextSeq();
        var messageId = send.MessageId ?? $"{seq}-{environment.Hub.Random.NextInt64():x16}";
        var kind = send.From is null ? InboxItemKind.Notification : InboxItemKind.PrivateMessage;
        var item = new InboxItem(seq, messageId, kind, send.From, send.Body, now);
        var remember = send.MessageId is null
            ? null
            : new DedupeEntry(sender, messageId, seq, now, steady + (long)Inbox.DedupeWindow.TotalMilliseconds);
        if (remember is not null)
            _inbox.Remember(remember);
        _storing[seq] = new Sending(messageId, remember, [send.Caller]);

        // Behind an item that may be stored and is not known here no other is told: who acknowledges it would acknowledge the unknown one, too.
        Write(
            () => _isUnsure
                ? new(AppendResult.Overloaded)
                : environment.Store.Append(new InboxAppend(id, _fence, item, remember, _inbox.DropThrough()), CancellationToken.None),
            result => new UserMessage.Stored(item, result),
            cause => new UserMessage.StoreFailed(seq, cause));
    }

    private void AnswerAgain(Caller caller, DedupeEntry first)
    {
        if (_storing.TryGetValue(first.Seq, out var storing))
            storing.Callers.Add(caller);
        else if (_delivering.TryGetValue(first.Seq, out var delivering))
            delivering.Callers.Add(caller);
        else
            Answer(caller, Contracts.Answer.Of(new ReplyBody.Delivered(
                first.MessageId, Written: first.Seq <= _inbox.AckedSeq || _written.Contains(first.Seq))));
    }

    private void OnStored(UserMessage.Stored stored)
    {
        switch (stored.Result)
        {
            case AppendResult.Committed:
                TakeStored(stored.Item);
                break;
            case AppendResult.Overloaded:
                Abandon(stored.Item.Seq, CommandError.Overloaded);
                break;
            case AppendResult.FenceLost:
                OnFenceLost();
                return;
        }

        WriteNext();
    }

    private void TakeStored(InboxItem item)
    {
        if (!_storing.Remove(item.Seq, out var sending))
            return;
        _inbox.Add(item);
        if (_connections.Count == 0)
        {
            AnswerAll(sending, Contracts.Answer.Of(new ReplyBody.Delivered(sending.MessageId, Written: false)));
            return;
        }

        _delivering[item.Seq] = sending;
        Timers.StartSingleTimer(item.Seq, new UserMessage.DeliveryOver(item.Seq), DeliveryTime);
        foreach (var connection in _connections)
            Deliver(connection, item);
    }

    /// <summary>An item that was stored although its sender was told otherwise.</summary>
    private void TakeUnasked(InboxItem item)
    {
        _inbox.Add(item);
        foreach (var connection in _connections)
            Deliver(connection, item);
    }

    /// <summary>Another node owns the user. In a cluster nobody is answered: what is unanswered is sent again to the new owner.</summary>
    private void OnFenceLost()
    {
        if (environment.FenceLost is { } tell)
        {
            tell(_fence);
        }
        else
        {
            foreach (var seq in _storing.Keys.ToArray())
                Abandon(seq, CommandError.Internal);
        }

        Stop();
    }

    /// <summary>The item is not stored, as far as is known.</summary>
    private void Abandon(long seq, CommandError error)
    {
        if (!_storing.Remove(seq, out var sending))
            return;
        if (sending.Remember is { } entry)
            _inbox.Forget(entry);
        AnswerAll(sending, Contracts.Answer.Refused(error));
    }

    private void EndDelivery(long seq, bool written)
    {
        if (!_delivering.Remove(seq, out var sending))
            return;
        Timers.Cancel(seq);
        AnswerAll(sending, Contracts.Answer.Of(new ReplyBody.Delivered(sending.MessageId, written)));
    }

    private void OnAcknowledge(UserMessage.Acknowledge acknowledge)
    {
        var seq = Math.Min(acknowledge.Seq, _inbox.LastSeq);
        Write(
            () => environment.Store.Ack(id, _fence, seq, CancellationToken.None),
            result => new UserMessage.Acked(acknowledge.Caller, seq, result),
            _ => new UserMessage.Acked(acknowledge.Caller, seq, AppendResult.Overloaded));
    }

    private void OnAcked(UserMessage.Acked acked)
    {
        if (acked.Result == AppendResult.FenceLost)
        {
            OnFenceLost();
            return;
        }

        WriteNext();
        if (acked.Result != AppendResult.Committed)
        {
            Answer(acked.Caller, Contracts.Answer.Refused(CommandError.Overloaded));
            return;
        }

        _inbox.Acknowledge(acked.Seq);
        _written.RemoveWhere(seq => seq <= acked.Seq);
        Answer(acked.Caller, Contracts.Answer.Of(new ReplyBody.Acknowledged(acked.Seq)));
    }

    private void Deliver(ConnectionId connection, InboxItem item)
    {
        ServerEvent told = item.From is { } from
            ? new ServerEvent.PrivateMessage(item.MessageId, item.Seq, from, item.Body, item.Timestamp)
            : new ServerEvent.Notification(item.MessageId, item.Seq, item.Body, item.Timestamp);
        environment.Connections.Tell(
            connection, new ConnectionMessage.InboxDelivery(id, item.Seq, new Outgoing(WireFormat.Event(told), FrameKind.Text)));
    }

    private void AnswerAll(Sending sending, Answer answer)
    {
        foreach (var caller in sending.Callers)
            Answer(caller, answer);
    }

    /// <summary>An item on its way, and who waits to hear of it.</summary>
    private sealed record Sending(string MessageId, DedupeEntry? Remember, List<Caller> Callers);
}
