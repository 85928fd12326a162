namespace Verb.TestKit.Time;

/// <summary>
/// A clock that moves only when told. Timers fire on the thread that moves it, in order of due time, equal ones as they were set. Its wall time can be
/// set by itself, as an operator or a time server sets a machine's.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private long _elapsed;
    private long _set;
    private long _order;

    /// <summary>Starts at the first second of 2030, UTC.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Starts at a given time.</summary>
    public ManualClock(DateTimeOffset start) => _start = start;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are set.</summary>
    public int TimerCount
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    /// <summary>How long until the next timer is due; null where none is set.</summary>
    public TimeSpan? UntilNextTimer
    {
        get
        {
            lock (_gate)
                return Earliest() is { } timer ? TimeSpan.FromTicks(Math.Max(0, timer.Due - _elapsed)) : null;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(GetTimestamp() + Interlocked.Read(ref _set));

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, stopping at each due timer to fire it; timers set on the way that are due in time fire, too.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var end = GetTimestamp() + time.Ticks;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        lock (_gate)
            _elapsed = Math.Max(_elapsed, end);
    }

    /// <summary>Sets the wall time forward, or back where <paramref name="by"/> is negative. Timestamps and timers know nothing of it.</summary>
    public void SetWall(TimeSpan by) => Interlocked.Add(ref _set, by.Ticks);

    internal void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Due = _elapsed + dueTime.Ticks;
            timer.Order = _order++;
            timer.Period = period;
            _timers.Add(timer);
        }
    }

    private ManualTimer? Earliest() => _timers.MinBy(timer => (timer.Due, timer.Order));

    private ManualTimer? TakeDue(long end)
    {
        lock (_gate)
        {
            if (Earliest() is not { } timer || timer.Due > end)
                return null;
            _elapsed = Math.Max(_elapsed, timer.Due);
            _timers.Remove(timer);
            if (timer.Period > TimeSpan.Zero)
            {
                timer.Due += timer.Period.Ticks;
                timer.Order = _order++;
                _timers.Add(timer);
            }

            return timer;
        }
    }
}
