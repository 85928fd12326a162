namespace Verb.Actors.Timing;

/// <summary>
/// The timers of a node's actors behind one timer of its clock: a heap of due times, of which the earliest arms it. A connection has several, most of
/// which never fire; here one costs a place in the heap.
/// </summary>
internal sealed class TimerSweep : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly ITimer _alarm;
    private readonly TimerHeap _heap = new();
    private TimeSpan _armed = TimeSpan.MaxValue;
    private bool _disposed;

    public TimerSweep(TimeProvider clock)
    {
        _clock = clock;
        _origin = clock.GetTimestamp();
        _alarm = clock.CreateTimer(static sweep => ((TimerSweep)sweep!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many timers are set.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _heap.Count;
        }
    }

    /// <summary>What has passed since the beginning.</summary>
    public TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>Sets a timer, or moves it.</summary>
    public void Start(SweptTimer timer, TimeSpan due)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _heap.Remove(timer);
            _heap.Add(timer, Later(Now, due));
            Arm();
        }
    }

    /// <summary>Ends a timer, on its owner's turn.</summary>
    public void Cancel(SweptTimer timer)
    {
        timer.IsCancelled = true;
        lock (_gate)
            _heap.Remove(timer);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _alarm.Dispose();
        }
    }

    /// <summary>A time too far away to be told is never.</summary>
    private static TimeSpan Later(TimeSpan from, TimeSpan by) => by < TimeSpan.MaxValue - from ? from + by : TimeSpan.MaxValue;

    private void Fire()
    {
        while (Next() is { } timer)
            timer.Fire();
    }

    /// <summary>The next timer that is due, or null once the alarm is set for the earliest that is not.</summary>
    private SweptTimer? Next()
    {
        lock (_gate)
        {
            var now = Now;
            if (_heap.Earliest is { } timer && timer.Due <= now)
            {
                _heap.Remove(timer);
                if (timer.Period > TimeSpan.Zero)
                    _heap.Add(timer, Later(timer.Due, timer.Period) > now ? Later(timer.Due, timer.Period) : Later(now, timer.Period));
                return timer;
            }

            _armed = TimeSpan.MaxValue;
            Arm();
            return null;
        }
    }

    private void Arm()
    {
        if (_disposed || _heap.Earliest is not { } timer || timer.Due >= _armed)
            return;
        _armed = timer.Due;

        // The system's timers count whole milliseconds and round down; waking too early would spin.
        var wait = Math.Ceiling((timer.Due - Now).TotalMilliseconds);
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, uint.MaxValue - 1)), Timeout.InfiniteTimeSpan);
    }
}
