namespace Verb.TestKit.Worlds;

/// <summary>A timer of a <see cref="WorldClock"/>.</summary>
internal sealed class WorldClockTimer(WorldProcess process, TimerCallback callback, object? state) : ITimer
{
    private Setting? _setting;
    private bool _disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
            return false;
        _setting = null;
        if (dueTime != Timeout.InfiniteTimeSpan)
            process.World.Set(_setting = new Setting(this, process, period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks), dueTime);
        return true;
    }

    public void Dispose()
    {
        _disposed = true;
        _setting = null;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>One setting of the timer; the next one replaces it.</summary>
    private sealed class Setting(WorldClockTimer timer, WorldProcess process, long period) : WorldTimer(process, period)
    {
        protected override bool IsCancelled => timer._setting != this;

        protected override void Fire() => timer.Fire();
    }

    private void Fire() => callback(state);
}
