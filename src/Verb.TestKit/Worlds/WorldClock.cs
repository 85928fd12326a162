namespace Verb.TestKit.Worlds;

/// <summary>
/// A process's clock: the world's time, with a calendar that may be off. A timer that is due while the process is frozen fires when it thaws; those of a
/// killed one never fire.
/// </summary>
public sealed class WorldClock : TimeProvider
{
    private readonly WorldProcess _process;
    private readonly TimeSpan _skew;
    private TimeSpan _set;

    internal WorldClock(WorldProcess process, TimeSpan skew) => (_process, _skew) = (process, skew);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => _process.World.Ticks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _process.World.UtcNow + _skew + _set;

    /// <summary>Sets the calendar forward, or back where <paramref name="by"/> is negative. Timestamps and timers know nothing of it.</summary>
    public void SetWall(TimeSpan by) => _set += by;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new WorldClockTimer(_process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
