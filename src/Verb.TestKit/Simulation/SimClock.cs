namespace Verb.TestKit.Simulation;

/// <summary>A process's clock: the world's time, with a calendar that may be off. A timer due while the process is frozen fires late.</summary>
internal sealed class SimClock(SimWorld world, SimProcess process, TimeSpan skew) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => world.Now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(world.Now) + skew;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(world, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(SimWorld world, SimProcess process, TimerCallback callback, object? state) : ITimer
    {
        private int _version;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
                return false;
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
                world.After(dueTime, () => Due(version, period));
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _version++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Due(int version, TimeSpan period)
        {
            if (version != _version || process.IsKilled)
                return;
            process.Post(() => Fire(version));
            if (period > TimeSpan.Zero)
                world.After(period, () => Due(version, period));
        }

        private void Fire(int version)
        {
            if (version == _version)
                callback(state);
        }
    }
}
