namespace Verb.Actors.Timing;

/// <summary>
/// Time for windows, paces and deadlines, and for what is dated to be judged by the hub later: the wall time at the start and what has passed
/// since. Whoever sets the machine's clock does not set this one, so that nothing ends early or late by it. What is shown bears the wall time.
/// </summary>
internal sealed class SteadyTime(TimeProvider clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _startedAt = clock.GetTimestamp();

    /// <summary>Unix milliseconds. Never goes back.</summary>
    public long Now => Moment.ToUnixTimeMilliseconds();

    /// <summary>The same, as finely as the clock gives it.</summary>
    public DateTimeOffset Moment => _start + clock.GetElapsedTime(_startedAt);
}
