using Verb.Actors.Timing;
using Verb.TestKit.Time;

namespace Verb.Actors.Tests.Timing;

public sealed class TimerSweepTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly ManualClock _clock = new();
    private readonly Ear _ear = new();
    private readonly TimerSweep _sweep;

    public TimerSweepTests() => _sweep = new TimerSweep(_clock);

    [Fact]
    public void A_timer_fires_once_when_it_is_due()
    {
        var timer = Start(1);
        _clock.Advance(Second - Tick);
        _ear.Told.ShouldBeEmpty();
        _sweep.Count.ShouldBe(1);
        _clock.Advance(Tick);
        _ear.Take().ShouldBe([timer]);
        _clock.Advance(Second * 10);

        _ear.Told.ShouldBeEmpty();
        _sweep.Count.ShouldBe(0);
        _clock.TimerCount.ShouldBe(0, "nothing is left to wait for");
    }

    [Fact]
    public void Timers_fire_in_the_order_they_are_due_and_equal_ones_as_they_were_set()
    {
        var timers = new[] { 3, 1, 2, 1, 3, 2 }.Select(seconds => Start(seconds)).ToList();
        _clock.TimerCount.ShouldBe(1, "one of the clock's for all");
        _clock.Advance(Second * 3);

        _ear.Take().ShouldBe([timers[1], timers[3], timers[2], timers[5], timers[0], timers[4]]);
    }

    [Fact]
    public void One_that_is_due_earlier_than_all_others_is_not_late()
    {
        Start(10);
        var early = Start(1);
        _clock.Advance(Second);

        _ear.Take().ShouldBe([early]);
    }

    [Fact]
    public void One_that_is_due_at_once_fires_at_once()
    {
        var timer = Start(0);
        _clock.Advance(TimeSpan.Zero);

        _ear.Take().ShouldBe([timer]);
    }

    [Fact]
    public void A_period_repeats_without_drift()
    {
        var timer = Start(1, Second * 2);
        var times = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            _clock.Advance(Second / 4);
            if (_ear.Take() is [var taken])
                times.Add(_sweep.Now.TotalSeconds);
        }

        times.ShouldBe([1, 3, 5, 7]);
        _sweep.Cancel(timer);
        _clock.Advance(Second * 10);
        _ear.Told.ShouldBeEmpty();
    }

    [Fact]
    public void A_period_of_no_whole_milliseconds_keeps_its_time()
    {
        var fired = 0;
        Start(0, TimeSpan.FromMilliseconds(1.5));
        for (var i = 0; i < 300; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            fired += _ear.Take().Count;
        }

        fired.ShouldBe(201, "at 0, 1.5, 3 and so on until 300");
    }

    [Fact]
    public void A_timer_stands_in_the_mailbox_at_most_once()
    {
        var timer = Start(1, Second);
        _clock.Advance(Second * 5);
        _ear.Told.ShouldBe([timer]);
        _ear.Take().ShouldBe([timer]);
        _clock.Advance(Second);

        _ear.Told.ShouldBe([timer], "taken, it comes again");
    }

    [Fact]
    public void A_clock_that_was_far_behind_is_not_made_up_for()
    {
        var timer = new SweptTimer(_ear, Second);
        var clock = new Jumping();
        using var sweep = new TimerSweep(clock);
        sweep.Start(timer, Second);
        clock.Jump(Second * 10.5);
        sweep.Now.ShouldBe(Second * 10.5);
        _ear.Take().ShouldBe([timer]);
        timer.Due.ShouldBe(Second * 11.5, "a whole period from now");
    }

    [Fact]
    public void A_timer_that_was_cancelled_does_not_fire()
    {
        var (cancelled, other) = (Start(1), Start(1));
        _sweep.Cancel(cancelled);
        _sweep.Cancel(cancelled);
        _sweep.Count.ShouldBe(1);
        _clock.Advance(Second);

        _ear.Take().ShouldBe([other]);
        _sweep.Cancel(other);
        _sweep.Cancel(new SweptTimer(_ear));
    }

    [Fact]
    public void A_timer_that_was_cancelled_while_it_waited_in_the_mailbox_is_no_longer_due()
    {
        var timer = Start(1);
        _clock.Advance(Second);
        _sweep.Cancel(timer);

        _ear.Told.ShouldBe([timer]);
        _ear.Take().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    public void A_timer_that_is_moved_fires_at_its_new_time_only(int seconds)
    {
        var timer = Start(3);
        _sweep.Start(timer, Second * seconds);
        _sweep.Count.ShouldBe(1);
        _clock.Advance(Second * seconds - Tick);
        _ear.Told.ShouldBeEmpty();
        _clock.Advance(Tick);
        _ear.Take().ShouldBe([timer]);
        _clock.Advance(Second * 10);
        _ear.Told.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_is_further_away_than_the_clock_can_be_set_is_not_early()
    {
        var timer = Start(TimeSpan.FromDays(120).TotalSeconds);
        var never = new SweptTimer(_ear);
        _sweep.Start(never, TimeSpan.MaxValue);
        _clock.Advance(TimeSpan.FromDays(120) - Tick);
        _ear.Told.ShouldBeEmpty();
        _clock.Advance(Tick);

        _ear.Take().ShouldBe([timer]);
        _sweep.Count.ShouldBe(1);
    }

    [Fact]
    public void A_timer_set_while_others_fire_is_not_forgotten()
    {
        var first = Start(1);
        var second = new SweptTimer(_ear);
        _clock.Advance(Second);
        _ear.Take().ShouldBe([first]);
        _sweep.Start(second, Second);
        _sweep.Start(first, Second * 2);
        _clock.Advance(Second);
        _ear.Take().ShouldBe([second]);
        _clock.Advance(Second);
        _ear.Take().ShouldBe([first]);
    }

    [Fact]
    public void After_the_end_nothing_fires_and_nothing_is_set()
    {
        Start(1);
        _sweep.Dispose();
        _sweep.Dispose();
        _clock.TimerCount.ShouldBe(0);
        Start(1);
        _clock.Advance(Second * 10);

        _ear.Told.ShouldBeEmpty();
        _clock.TimerCount.ShouldBe(0);
    }

    private SweptTimer Start(double seconds, TimeSpan period = default)
    {
        var timer = new SweptTimer(_ear, period);
        _sweep.Start(timer, Second * seconds);
        return timer;
    }

    /// <summary>A clock whose machine slept: a timer hears of it only afterwards.</summary>
    private sealed class Jumping : TimeProvider
    {
        private TimeSpan _now;
        private Action? _fire;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Jump(TimeSpan time)
        {
            _now += time;
            _fire!();
        }

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return new Deaf();
        }

        private sealed class Deaf : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
