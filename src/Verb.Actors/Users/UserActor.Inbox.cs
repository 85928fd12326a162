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
                OnStoreFailed(failed.Seq);
                break;
            case UserMessage.Written written:
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

        var now = Now;
        var sender = send.From?.Id ?? User.Application.Id;
        if (send.MessageId is { } sentAgain && _inbox.Find(sender, sentAgain, now) is { } first)
        {
            AnswerAgain(send.Caller, first);
            return;
        }

        var seq = _inbox.NextSeq();
        var messageId = send.MessageId ?? $"{seq}-{Context.Random.NextInt64():x16}";
        var kind = send.From is null ? InboxItemKind.Notification : InboxItemKind.PrivateMessage;
        var item = new InboxItem(seq, messageId, kind, send.From, send.Body, now);
        var remember = send.MessageId is null
            ? null
            : new DedupeEntry(sender, messageId, seq, now, now + (long)Inbox.DedupeWindow.TotalMilliseconds);
        if (remember is not null)
            _inbox.Remember(remember);
        _storing[seq] = new Sending(messageId, remember, [send.Caller]);
        var append = new InboxAppend(id, environment.FenceOf(id), item, remember, _inbox.DropThrough());
        Context.PipeToSelf(
            environment.Store.Append(append, CancellationToken.None),
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
            Answer(caller, Contracts.Answer.Of(new ReplyBody.Delivered(first.MessageId, Written: false)));
    }

    private void OnStored(UserMessage.Stored stored)
    {
        if (!_storing.Remove(stored.Item.Seq, out var sending))
            return;
        if (stored.Result != AppendResult.Committed)
        {
            if (sending.Remember is { } entry)
                _inbox.Forget(entry);
            AnswerAll(sending, Contracts.Answer.Refused(
                stored.Result == AppendResult.Overloaded ? CommandError.Overloaded : CommandError.Internal));
            if (stored.Result == AppendResult.FenceLost)
                Context.Stop();
            return;
        }

        _inbox.Add(stored.Item);
        if (_connections.Count == 0)
        {
            AnswerAll(sending, Contracts.Answer.Of(new ReplyBody.Delivered(sending.MessageId, Written: false)));
            return;
        }

        _delivering[stored.Item.Seq] = sending;
        Context.StartTimer(stored.Item.Seq, new UserMessage.DeliveryOver(stored.Item.Seq), DeliveryTime);
        foreach (var connection in _connections)
            Deliver(connection, stored.Item);
    }

    /// <summary>Whether the item was stored is open; it may yet be found at the next start, and is told then.</summary>
    private void OnStoreFailed(long seq)
    {
        if (!_storing.Remove(seq, out var sending))
            return;
        if (sending.Remember is { } entry)
            _inbox.Forget(entry);
        AnswerAll(sending, Contracts.Answer.Refused(CommandError.Internal));
    }

    private void EndDelivery(long seq, bool written)
    {
        if (!_delivering.Remove(seq, out var sending))
            return;
        Context.CancelTimer(seq);
        AnswerAll(sending, Contracts.Answer.Of(new ReplyBody.Delivered(sending.MessageId, written)));
    }

    private void OnAcknowledge(UserMessage.Acknowledge acknowledge)
    {
        var seq = Math.Min(acknowledge.Seq, _inbox.LastSeq);
        Context.PipeToSelf(
            environment.Store.Ack(id, environment.FenceOf(id), seq, CancellationToken.None),
            result => new UserMessage.Acked(acknowledge.Caller, seq, result),
            _ => new UserMessage.Acked(acknowledge.Caller, seq, AppendResult.Overloaded));
    }

    private void OnAcked(UserMessage.Acked acked)
    {
        if (acked.Result != AppendResult.Committed)
        {
            Answer(acked.Caller, Contracts.Answer.Refused(CommandError.Overloaded));
            return;
        }

        _inbox.Acknowledge(acked.Seq);
        Answer(acked.Caller, Contracts.Answer.Of(new ReplyBody.Acknowledged(acked.Seq)));
    }

    private void Deliver(ConnectionId connection, InboxItem item)
    {
        ServerEvent told = item.From is { } from
            ? new ServerEvent.PrivateMessage(item.MessageId, item.Seq, from, item.Body, item.Timestamp)
            : new ServerEvent.Notification(item.MessageId, item.Seq, item.Body, item.Timestamp);
        environment.Connections.Tell(
            connection, new ConnectionMessage.InboxDelivery(item.Seq, new Outgoing(WireFormat.Event(told), FrameKind.Text)));
    }

    private void AnswerAll(Sending sending, Answer answer)
    {
        foreach (var caller in sending.Callers)
            Answer(caller, answer);
    }

    /// <summary>An item on its way, and who waits to hear of it.</summary>
    private sealed record Sending(string MessageId, DedupeEntry? Remember, List<Caller> Callers);
}
