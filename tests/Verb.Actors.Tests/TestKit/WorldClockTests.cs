using Verb.TestKit.Worlds;

namespace Verb.Actors.Tests.TestKit;

public sealed class WorldClockTests : IDisposable
{
    private readonly World _world = new();
    private readonly WorldProcess _process;
    private readonly List<string> _fired = [];

    public WorldClockTests() => _process = new WorldProcess(_world, "n");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void It_shows_the_worlds_time()
    {
        var clock = _process.Clock;
        var stamp = clock.GetTimestamp();
        clock.GetUtcNow().ShouldBe(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

        _world.Advance(TimeSpan.FromSeconds(1.5));

        clock.GetUtcNow().ShouldBe(_world.UtcNow);
        clock.GetElapsedTime(stamp).ShouldBe(TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public void Due_timers_fire_in_order_and_see_their_own_time()
    {
        Start("c", 3);
        Start("a", 1);
        Start("b", 2);
        Start("b2", 2);
        Start("again", 0.75, 1.5);

        _world.Advance(TimeSpan.FromSeconds(2.5));

        _fired.ShouldBe(["again at 0.75", "a at 1", "b at 2", "b2 at 2", "again at 2.25"]);
        _world.TimerCount.ShouldBe(2);
    }

    [Fact]
    public void A_timer_set_on_the_way_fires_on_the_way()
    {
        using var outer = _process.Clock.CreateTimer(_ => Start("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _world.Advance(TimeSpan.FromSeconds(3));

        _fired.ShouldBe(["inner at 2"]);
    }

    [Fact]
    public void A_changed_timer_fires_at_its_last_setting_only_and_a_disposed_one_not_at_all()
    {
        Start("changed", 1).Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan).ShouldBeTrue();
        var disposed = Start("disposed", 1);
        disposed.Dispose();
        disposed.Change(TimeSpan.Zero, TimeSpan.Zero).ShouldBeFalse();

        _world.Advance(TimeSpan.FromSeconds(3));

        _fired.ShouldBe(["changed at 2"]);
        _world.TimerCount.ShouldBe(0);
    }

    [Fact]
    public void Timers_set_anew_again_and_again_do_not_pile_up()
    {
        var timer = Start("timeout", 30);
        for (var i = 0; i < 100_000; i++)
            timer.Change(TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);

        _world.TimerCount.ShouldBe(1);
        _world.Advance(TimeSpan.FromSeconds(30));
        _fired.ShouldBe(["timeout at 30"]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Its_calendar_may_be_off_and_is_set_by_itself(int hours)
    {
        var process = new WorldProcess(_world, "skewed", TimeSpan.FromHours(hours));
        var clock = process.Clock;
        var system = process.CreateSystem("s");
        var stamp = clock.GetTimestamp();
        Start("a", 1);

        clock.GetUtcNow().ShouldBe(_world.UtcNow.AddHours(hours));
        clock.SetWall(TimeSpan.FromHours(hours));
        clock.GetElapsedTime(stamp).ShouldBe(TimeSpan.Zero);
        _world.Advance(TimeSpan.FromSeconds(1));

        _fired.ShouldBe(["a at 1"]);
        clock.GetUtcNow().ShouldBe(_world.UtcNow.AddHours(2 * hours));
        system.Scheduler.Now.ShouldBe(clock.GetUtcNow());
        system.Scheduler.MonotonicClock.ShouldBe(_world.Now);
        _process.Clock.GetUtcNow().ShouldBe(_world.UtcNow);
    }

    [Fact]
    public void A_timer_due_while_the_process_is_frozen_fires_once_and_late()
    {
        Start("once", 1);
        Start("again", 1, 1);
        _process.Freeze();
        _world.Advance(TimeSpan.FromSeconds(4.5));
        _fired.ShouldBeEmpty();

        _process.Thaw();
        _world.Advance(TimeSpan.FromSeconds(1));

        _fired.Order().ShouldBe(["again at 4.5", "again at 5.5", "once at 4.5"]);
    }

    [Fact]
    public void A_killed_processs_timers_are_gone()
    {
        Start("a", 1, 1);
        _process.Kill();

        _world.TimerCount.ShouldBe(0);
        _world.Advance(TimeSpan.FromSeconds(3));
        _fired.ShouldBeEmpty();
    }

    [Fact]
    public void Delays_and_timeouts_of_the_platform_follow_it()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(1), _process.Clock);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2), _process.Clock);

        _world.Advance(TimeSpan.FromSeconds(1));
        (delay.IsCompleted, source.IsCancellationRequested).ShouldBe((true, false));
        _world.Advance(TimeSpan.FromSeconds(1));

        source.IsCancellationRequested.ShouldBeTrue();
    }

    private ITimer Start(string name, double due, double? period = null) => _process.Clock.CreateTimer(
        _ => _fired.Add($"{name} at {_world.Now.TotalSeconds}"),
        null,
        TimeSpan.FromSeconds(due),
        period is { } given ? TimeSpan.FromSeconds(given) : Timeout.InfiniteTimeSpan);
}
