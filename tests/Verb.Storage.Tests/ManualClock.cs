using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests;

/// <summary>A clock that moves only when told; begins at <see cref="Given.Now"/>. Its wall time can be set by itself.</summary>
public sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(Given.Now);
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time)
    {
        _now += time;
        _elapsed += time;
    }

    public void SetWall(TimeSpan by) => _now += by;
}
