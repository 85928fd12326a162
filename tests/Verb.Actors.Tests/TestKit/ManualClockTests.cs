using Verb.TestKit.Time;

namespace Verb.Actors.Tests.TestKit;

public sealed class ManualClockTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void It_moves_only_when_told()
    {
        var start = _clock.GetUtcNow();
        var stamp = _clock.GetTimestamp();
        _clock.GetUtcNow().ShouldBe(start);

        _clock.Advance(TimeSpan.FromSeconds(1.5));

        _clock.GetUtcNow().ShouldBe(start.AddSeconds(1.5));
        _clock.GetElapsedTime(stamp).ShouldBe(TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public void Due_timers_fire_in_order_and_see_their_own_time()
    {
        Start("c", 3);
        Start("a", 1);
        Start("b", 2);
        Start("b2", 2);

        _clock.Advance(TimeSpan.FromSeconds(2.5));

        _fired.ShouldBe(["a at 1", "b at 2", "b2 at 2"]);
        _clock.UntilNextTimer.ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void A_period_repeats_within_one_advance()
    {
        using var timer = Start("a", 1, 2);

        _clock.Advance(TimeSpan.FromSeconds(6));

        _fired.ShouldBe(["a at 1", "a at 3", "a at 5"]);
    }

    [Fact]
    public void A_timer_set_on_the_way_fires_on_the_way()
    {
        using var outer = _clock.CreateTimer(_ => Start("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(3));

        _fired.ShouldBe(["inner at 2"]);
    }

    [Fact]
    public void A_disposed_timer_does_not_fire()
    {
        var timer = Start("a", 1);
        timer.Dispose();
        timer.Change(TimeSpan.Zero, TimeSpan.Zero).ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(3));

        _fired.ShouldBeEmpty();
        _clock.TimerCount.ShouldBe(0);
        _clock.UntilNextTimer.ShouldBeNull();
    }

    [Fact]
    public void It_does_not_go_back()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Its_wall_time_is_set_by_itself(int hours)
    {
        var start = _clock.GetUtcNow();
        var stamp = _clock.GetTimestamp();
        Start("a", 1);

        _clock.SetWall(TimeSpan.FromHours(hours));
        _clock.GetElapsedTime(stamp).ShouldBe(TimeSpan.Zero);
        _clock.UntilNextTimer.ShouldBe(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));

        _fired.ShouldBe(["a at 1"]);
        _clock.GetUtcNow().ShouldBe(start.AddHours(hours).AddSeconds(1));
    }

    [Fact]
    public void Delays_and_timeouts_of_the_platform_follow_it()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(1), _clock);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2), _clock);

        _clock.Advance(TimeSpan.FromSeconds(1));
        (delay.IsCompleted, source.IsCancellationRequested).ShouldBe((true, false));
        _clock.Advance(TimeSpan.FromSeconds(1));

        source.IsCancellationRequested.ShouldBeTrue();
    }

    private ITimer Start(string name, double due, double? period = null)
    {
        return _clock.CreateTimer(
            _ => _fired.Add($"{name} at {_clock.GetElapsedTime(0).TotalSeconds}"),
            null,
            TimeSpan.FromSeconds(due),
            period is { } given ? TimeSpan.FromSeconds(given) : Timeout.InfiniteTimeSpan);
    }
}
