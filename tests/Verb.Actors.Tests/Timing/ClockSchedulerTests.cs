using Akka.Actor;
using Akka.Event;
using Verb.Actors.Timing;
using Verb.TestKit.Time;

namespace Verb.Actors.Tests.Timing;

public sealed class ClockSchedulerTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly Ear _ear = new();
    private readonly ActorSystem _system;
    private readonly IScheduler _scheduler;

    public ClockSchedulerTests()
    {
        _system = ClockScheduler.With(_clock, () => ActorSystem.Create("clock", ClockScheduler.Configuration.WithFallback("akka.loglevel = OFF, akka.stdout-loglevel = OFF")));
        _scheduler = _system.Scheduler;
    }

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromMinutes(1)).ShouldBeTrue();

    [Fact]
    public void Its_time_is_the_clocks()
    {
        _scheduler.ShouldBeOfType<ClockScheduler>();
        var before = _scheduler.MonotonicClock;
        _clock.Advance(Second * 3);
        (_scheduler.MonotonicClock - before).ShouldBe(Second * 3);
        _scheduler.HighResMonotonicClock.ShouldBe(_scheduler.MonotonicClock);
        _scheduler.Now.ShouldBe(_clock.GetUtcNow());
        _clock.SetWall(Second * -60);
        _scheduler.Now.ShouldBe(_clock.GetUtcNow());
        (_scheduler.MonotonicClock - before).ShouldBe(Second * 3, "who sets the wall clock does not set this one");
    }

    [Fact]
    public void Without_a_clock_there_is_no_such_scheduler()
    {
        Should.Throw<InvalidOperationException>(() => new ClockScheduler(_system.Settings.Config, NoLogger.Instance)).Message.ShouldContain("clock");
    }

    [Fact]
    public void What_is_scheduled_once_comes_once_when_it_is_due()
    {
        var ran = 0;
        _scheduler.ScheduleTellOnce(Second, _ear, "tell", ActorRefs.NoSender);
        _scheduler.Advanced.ScheduleOnce(Second, () => ran++);
        _scheduler.Advanced.ScheduleOnce(Second, new Run(() => ran++));
        _clock.Advance(Second * 0.9);
        (_ear.Told.Count, ran).ShouldBe((0, 0));
        _clock.Advance(Second * 0.1);
        (_ear.Told.Count, ran).ShouldBe((1, 2));
        _clock.Advance(Second * 10);
        (_ear.Told.Count, ran).ShouldBe((1, 2));
    }

    [Fact]
    public void What_is_scheduled_repeatedly_comes_each_time()
    {
        var before = _clock.TimerCount;
        using var cancelable = new Cancelable(_scheduler);
        var times = new List<double>();
        var start = _clock.GetTimestamp();
        void Note() => times.Add(_clock.GetElapsedTime(start).TotalSeconds);
        _scheduler.Advanced.ScheduleRepeatedly(Second, Second * 2, Note, cancelable);
        _scheduler.Advanced.ScheduleRepeatedly(Second * 2, Second * 2, new Run(Note), cancelable);
        _scheduler.ScheduleTellRepeatedly(Second, Second, _ear, "tell", ActorRefs.NoSender, cancelable);
        _clock.Advance(Second * 5.5);
        times.ShouldBe([1, 2, 3, 4, 5]);
        _ear.Told.Count.ShouldBe(5);
        cancelable.Cancel();
        _clock.TimerCount.ShouldBe(before, "a schedule that is cancelled leaves nothing behind");
        _clock.Advance(Second * 10);
        times.Count.ShouldBe(5);
        _ear.Told.Count.ShouldBe(5);
    }

    [Fact]
    public void What_is_cancelled_before_it_is_due_does_not_come_and_leaves_nothing_behind()
    {
        var before = _clock.TimerCount;
        using var cancelable = new Cancelable(_scheduler);
        _scheduler.ScheduleTellOnce(Second, _ear, "tell", ActorRefs.NoSender, cancelable);
        _clock.TimerCount.ShouldBe(before + 1);
        cancelable.Cancel();
        _clock.TimerCount.ShouldBe(before);
        _clock.Advance(Second * 10);
        _ear.Told.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_cancelled_before_it_is_scheduled_does_not_come_and_leaves_nothing_behind()
    {
        var before = _clock.TimerCount;
        var cancelable = Cancelable.CreateCanceled();
        _scheduler.ScheduleTellOnce(Second, _ear, "tell", ActorRefs.NoSender, cancelable);
        _scheduler.ScheduleTellRepeatedly(Second, Second, _ear, "tell", ActorRefs.NoSender, cancelable);
        _clock.TimerCount.ShouldBe(before);
        _clock.Advance(Second * 10);
        _ear.Told.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_cancels_itself_is_the_last()
    {
        using var cancelable = new Cancelable(_scheduler);
        var ran = 0;
        _scheduler.Advanced.ScheduleRepeatedly(Second, Second, () => { if (++ran == 3) cancelable.Cancel(); }, cancelable);
        _clock.Advance(Second * 10);
        ran.ShouldBe(3);
    }

    [Fact]
    public void A_cancelable_that_cancels_itself_does_so_by_the_clock()
    {
        using var cancelable = new Cancelable(_scheduler, Second * 2.5);
        _scheduler.ScheduleTellRepeatedly(Second, Second, _ear, "tell", ActorRefs.NoSender, cancelable);
        _clock.Advance(Second * 10);
        _ear.Told.Count.ShouldBe(2);
    }

    private sealed class Run(Action action) : Akka.Dispatch.IRunnable
    {
        void Akka.Dispatch.IRunnable.Run() => action();

        void IThreadPoolWorkItem.Execute() => action();
    }
}
