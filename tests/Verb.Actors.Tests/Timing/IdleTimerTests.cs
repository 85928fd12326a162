using Verb.Actors.Timing;
using Verb.TestKit.Time;

namespace Verb.Actors.Tests.Timing;

public sealed class IdleTimerTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly Ear _ear = new();
    private readonly TimerSweep _sweep;
    private readonly IdleTimer _idle;

    public IdleTimerTests()
    {
        _sweep = new TimerSweep(_clock);
        _idle = new IdleTimer(_sweep);
    }

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void An_actor_that_is_told_nothing_hears_of_it_each_time()
    {
        _idle.Start(_ear, Second * 10);
        Heard(35).ShouldBe([10, 20, 30]);
    }

    [Fact]
    public void What_it_is_told_puts_it_off()
    {
        _idle.Start(_ear, Second * 10);
        Heard(35, touchedAt: [4, 9, 12]).ShouldBe([22, 32]);
    }

    [Fact]
    public void Being_told_something_sets_no_timer()
    {
        _idle.Start(_ear, Second * 10);
        _clock.Advance(Second);
        for (var i = 0; i < 100; i++)
            _idle.Touch();
        _clock.UntilNextTimer.ShouldBe(Second * 9);
        _sweep.Count.ShouldBe(1);
    }

    [Fact]
    public void One_that_waited_in_the_mailbox_behind_a_message_is_not_over()
    {
        _idle.Start(_ear, Second * 10);
        _clock.Advance(Second * 10);
        _idle.Touch();
        IsOver().ShouldBeFalse();
        _clock.Advance(Second * 9.5);
        _ear.Told.ShouldBeEmpty();
        _clock.Advance(Second * 0.5);
        IsOver().ShouldBeTrue();
    }

    [Fact]
    public void One_that_was_stopped_or_started_anew_while_it_waited_in_the_mailbox_is_not_over()
    {
        _idle.Start(_ear, Second * 10);
        _clock.Advance(Second * 10);
        _idle.Start(_ear, Second * 5);
        IsOver().ShouldBeFalse();
        Heard(6).ShouldBe([5], "from the new start on");
        _clock.Advance(Second * 4);
        _idle.Stop();
        _idle.Stop();
        IsOver().ShouldBeFalse();
        Heard(20).ShouldBeEmpty();
        _sweep.Count.ShouldBe(0);
    }

    [Fact]
    public void Another_timer_of_the_actor_says_nothing_of_idleness()
    {
        _idle.Start(_ear, Second);
        var other = new SweptTimer(_ear);
        _sweep.Start(other, Second * 0.5);
        _clock.Advance(Second * 0.5);
        _idle.IsOver(other).ShouldBeFalse();
        _sweep.Count.ShouldBe(1);
    }

    /// <summary>The seconds at which it was idle, of so many.</summary>
    private List<int> Heard(int seconds, params int[] touchedAt)
    {
        var heard = new List<int>();
        for (var second = 1; second <= seconds; second++)
        {
            _clock.Advance(Second);
            if (_ear.Told.Count > 0 && IsOver())
                heard.Add(second);
            if (touchedAt.Contains(second))
                _idle.Touch();
        }

        return heard;
    }

    private bool IsOver()
    {
        var timer = (SweptTimer)_ear.Told.ShouldHaveSingleItem();
        _ear.Told.Clear();
        return _idle.IsOver(timer);
    }
}
