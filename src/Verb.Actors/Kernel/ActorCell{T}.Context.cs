namespace Verb.Actors.Kernel;

internal sealed partial class ActorCell<TMessage>
{
    public IActorRef<TMessage> Self => this;

    public TimeProvider Clock => System.Clock;

    public Random Random => System.Options.Random;

    public int Waiting => _queue.Count;

    public IActorRef<T> Spawn<T>(Props<T> childProps, string childName) => SpawnChild(childProps, childName);

    public void StartTimer(object key, TMessage message, TimeSpan due, TimeSpan? period = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(due, TimeSpan.Zero);
        if (period is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(given, TimeSpan.Zero, nameof(period));
        CancelTimer(key);
        var timer = new KeyedTimer<TMessage>(this, key, message, period ?? TimeSpan.Zero);
        (Own().Timers ??= [])[key] = timer;
        System.Timers.Start(timer, due);
    }

    public void CancelTimer(object key)
    {
        if (Belongings?.Timers?.Remove(key, out var timer) == true)
            System.Timers.Cancel(timer);
    }

    public void SetReceiveTimeout(TimeSpan timeout, TMessage message)
    {
        var belongings = Own();
        if (belongings.ReceiveTimeout is { } running)
            System.Timers.Cancel(running);
        belongings.ReceiveTimeout = null;
        if (timeout == Timeout.InfiniteTimeSpan)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        belongings.LastReceived = Clock.GetTimestamp();
        belongings.ReceiveTimeout = new KeyedTimer<TMessage>(this, typeof(IActorContext<TMessage>), message, timeout);
        System.Timers.Start(belongings.ReceiveTimeout, timeout);
    }

    public void PipeToSelf<T>(ValueTask<T> task, Func<T, TMessage> success, Func<Exception, TMessage> failure)
    {
        _ = Pipe();

        async Task Pipe()
        {
            try
            {
                Pass(success(await task));
            }
            catch (Exception exception)
            {
                TellFailure(exception);
            }
        }

        void TellFailure(Exception exception)
        {
            try
            {
                Pass(failure(exception));
            }
            catch (Exception unhandled)
            {
                System.Failed(this, unhandled, Directive.Resume);
            }
        }

        void Pass(TMessage message)
        {
            if (Offer(message, isControl: true) != TellResult.Accepted)
                Refuse(message, Refusal.Stopped);
        }
    }

    public bool TryPassivate()
    {
        using (Gate.Enter())
        {
            if (!MailboxIsEmpty)
                return false;
            _closed = true;
        }

        Stop();
        return true;
    }

    /// <summary>Whether a timer whose turn has come is to be heard.</summary>
    private bool Fires(KeyedTimer<TMessage> timer)
    {
        timer.Queued = false;
        if (timer.Cancelled)
            return false;
        var belongings = Belongings!;
        if (timer != belongings.ReceiveTimeout)
        {
            if (timer.Period == TimeSpan.Zero)
                belongings.Timers!.Remove(timer.Key);
            return true;
        }

        // What counts is the time since the last message; the sweep only knows when the timer last fired.
        var idle = Clock.GetElapsedTime(belongings.LastReceived);
        var isOver = idle >= timer.Period;
        System.Timers.Restart(timer, isOver ? timer.Period : timer.Period - idle);
        if (!isOver || _queue.Count > 0)
            return false;
        belongings.LastReceived = Clock.GetTimestamp();
        return true;
    }
}
