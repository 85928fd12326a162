namespace Verb.Actors.Kernel;

internal sealed partial class ActorCell<TMessage>
{
    private LinkedList<TellWaiter<TMessage>>? _waiting;
    private readonly int _bound = props.Mailbox.Bound;
    private SwapQueue<TMessage> _queue;
    private bool _closed;

    protected override bool MailboxIsEmpty => _queue.Count == 0 && _waiting is null && Belongings is not { Notices.Any: true };

    protected override int NewMessages => _queue.NewCount;

    public void Tell(TMessage message)
    {
        var result = Offer(message, isControl: false);
        if (result != TellResult.Accepted)
            Refuse(message, result == TellResult.Full ? Refusal.Busy : Refusal.Stopped);
    }

    public TellResult TryTell(TMessage message) => Offer(message, isControl: false);

    public int TryTellAll(IReadOnlyList<TMessage> messages)
    {
        var count = 0;
        var wake = false;
        using (Gate.Enter())
        {
            for (; count < messages.Count && Put(messages[count], isControl: false, out var wakes) == TellResult.Accepted; count++)
                wake |= wakes;
        }

        if (wake)
            System.Dispatcher.Schedule(this);
        return count;
    }

    public ValueTask<TellResult> TellAsync(TMessage message, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<TellResult>(cancellation);
        TellResult result;
        bool wake;
        TellWaiter<TMessage>? waiter = null;
        using (Gate.Enter())
        {
            result = Put(message, isControl: false, out wake);
            if (result == TellResult.Full)
                (_waiting ??= []).AddLast(waiter = new TellWaiter<TMessage>(message));
        }

        if (waiter is not null)
        {
            waiter.EndWith(cancellation.UnsafeRegister((_, token) => GiveUp(waiter, token), null));
            return new ValueTask<TellResult>(waiter.Task);
        }

        if (wake)
            System.Dispatcher.Schedule(this);
        return new ValueTask<TellResult>(result);
    }

    protected override void ShrinkMailbox() => _queue.Shrink();

    protected override void CloseMailbox()
    {
        SwapQueue<TMessage> left;
        LinkedList<TellWaiter<TMessage>>? waiting;
        using (Gate.Enter())
        {
            _closed = true;
            (left, _queue) = (_queue, default);
            (waiting, _waiting) = (_waiting, null);
        }

        while (left.TryTake(out var message))
            Refuse(message, Refusal.Stopped);
        left.Swap();
        while (left.TryTake(out var message))
            Refuse(message, Refusal.Stopped);
        foreach (var waiter in waiting ?? [])
        {
            waiter.End(TellResult.Stopped);
        }
    }

    private TellResult Offer(TMessage message, bool isControl)
    {
        TellResult result;
        bool wake;
        using (Gate.Enter())
            result = Put(message, isControl, out wake);
        if (wake)
            System.Dispatcher.Schedule(this);
        if (result == TellResult.Full)
            props.Full?.Invoke();
        return result;
    }

    /// <summary>Under the lock.</summary>
    private TellResult Put(TMessage message, bool isControl, out bool wake)
    {
        wake = false;
        if (_closed)
            return TellResult.Stopped;
        if ((_queue.IsFull(_bound) || _waiting is not null) && !isControl && message is not IControlMessage)
            return TellResult.Full;
        _queue.Add(message);
        wake = Wake();
        return TellResult.Accepted;
    }

    private void GiveUp(TellWaiter<TMessage> waiter, CancellationToken token)
    {
        using (Gate.Enter())
        {
            if (_waiting?.Remove(waiter) != true)
                return;
            if (_waiting.Count == 0)
                _waiting = null;
        }

        waiter.TrySetCanceled(token);
    }

    private void AdmitWaiting()
    {
        while (true)
        {
            TellWaiter<TMessage> waiter;
            using (Gate.Enter())
            {
                if (_waiting?.First is not { } first || _queue.IsFull(_bound))
                    return;
                waiter = first.Value;
                _waiting.RemoveFirst();
                if (_waiting.Count == 0)
                    _waiting = null;
                _queue.Add(waiter.Message);
            }

            waiter.End(TellResult.Accepted);
        }
    }

    /// <summary>Brings what has come since into reach; false where nothing has.</summary>
    private bool Refill()
    {
        if (!_queue.AnyNew && Belongings is null)
            return false;
        using (Gate.Enter())
        {
            if (!_queue.AnyNew && Belongings is not { Notices.AnyNew: true })
                return false;
            _queue.Swap();
            Belongings?.Notices.Swap();
            return true;
        }
    }

    private void Refuse(TMessage message, Refusal reason)
    {
        if (message is not IRefusable refusable)
        {
            System.DeadLetter(this, message!);
            return;
        }

        try
        {
            refusable.Refuse(reason);
        }
        catch (Exception exception)
        {
            // Neither the teller nor a stopping actor can do anything about it.
            System.Failed(this, exception, Directive.Resume);
        }
    }
}
