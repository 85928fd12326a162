using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests;

/// <summary>A clock that moves only when told; begins at <see cref="Given.Now"/>.</summary>
public sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(Given.Now);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;
}
