using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<string> _log = [];

    [Fact]
    public void A_timer_fires_once_when_due()
    {
        using var system = new TestSystem();
        Spawn(system, context => context.StartTimer("t", "tick", Second));

        system.Advance(Second - TimeSpan.FromMilliseconds(1));
        _log.ShouldBeEmpty();
        system.System.TimerCount.ShouldBe(1);
        system.Advance(TimeSpan.FromMilliseconds(1));
        _log.ShouldBe(["tick"]);
        system.Advance(Second * 10);

        _log.ShouldBe(["tick"]);
        system.System.TimerCount.ShouldBe(0);
    }

    [Fact]
    public void A_period_repeats_without_drift()
    {
        using var system = new TestSystem();
        var times = new List<double>();
        var start = system.Clock.GetTimestamp();
        Spawn(
            system,
            context => context.StartTimer("t", "tick", Second, Second * 2),
            (context, _) => times.Add(context.Clock.GetElapsedTime(start).TotalSeconds));

        system.Advance(Second * 7.5);

        times.ShouldBe([1, 3, 5, 7]);
    }

    [Fact]
    public void The_same_key_replaces()
    {
        using var system = new TestSystem();
        Spawn(system, context =>
        {
            context.StartTimer("t", "old", Second);
            context.StartTimer("t", "new", Second * 2);
            context.StartTimer("other", "other", Second * 3);
        });

        system.Advance(Second * 5);

        _log.ShouldBe(["new", "other"]);
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire()
    {
        using var system = new TestSystem();
        Spawn(system, context =>
        {
            context.StartTimer("t", "tick", Second);
            context.CancelTimer("t");
            context.CancelTimer("never started");
        });

        system.Advance(Second * 5);

        _log.ShouldBeEmpty();
        system.System.TimerCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("replace")]
    public void A_timer_cancelled_or_replaced_does_not_fire_even_if_already_queued(string how)
    {
        using var system = new TestSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => context.StartTimer("t", "old", Second)),
                Receive = async (context, message) =>
                {
                    _log.Add(message);
                    if (message != how)
                        return;
                    await gate.Task;
                    if (how == "cancel")
                        context.CancelTimer("t");
                    else
                        context.StartTimer("t", "new", Second);
                },
            }),
            "a");
        actor.Tell(how);
        system.Advance(Second);
        system.System.TimerCount.ShouldBe(0, "it has fired and waits behind the message");
        gate.SetResult();
        system.Advance(Second * 5);

        _log.ShouldBe(how == "cancel" ? ["cancel"] : ["replace", "new"]);
    }

    [Fact]
    public void A_period_fires_again_after_a_tick_that_waited()
    {
        using var system = new TestSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => context.StartTimer("t", "tick", Second, Second)),
                Receive = (_, message) =>
                {
                    _log.Add(message);
                    return message == "slow" ? new ValueTask(gate.Task) : default;
                },
            }),
            "a");
        actor.Tell("slow");
        system.Advance(Second * 5);
        gate.SetResult();
        system.Settle();
        _log.ShouldBe(["slow", "tick"], "at most one tick waits");

        system.Advance(Second * 2);

        _log.ShouldBe(["slow", "tick", "tick", "tick"]);
    }

    [Fact]
    public void A_tick_passes_a_full_mailbox_and_keeps_its_place()
    {
        using var system = new TestSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => context.StartTimer("t", "tick", Second)),
                Receive = (_, message) =>
                {
                    _log.Add(message);
                    return message == "slow" ? new ValueTask(gate.Task) : default;
                },
            }) { Mailbox = new MailboxOptions { Bound = 2 } },
            "a");
        actor.Tell("slow");
        system.Settle();
        actor.Tell("one");
        actor.Tell("two");
        system.Advance(Second);
        gate.SetResult();
        system.Settle();

        _log.ShouldBe(["slow", "one", "two", "tick"]);
    }

    [Fact]
    public void Timers_of_many_actors_fire_in_the_order_of_their_due_times()
    {
        using var system = new TestSystem();
        var random = new Random(7);
        var dues = Enumerable.Range(0, 500).Select(_ => random.Next(1, 10_000)).ToArray();
        var fired = new List<int>();
        foreach (var due in dues)
        {
            Spawn(
                system,
                context =>
                {
                    context.StartTimer("t", "tick", TimeSpan.FromMilliseconds(due));
                    if (due % 3 == 0)
                        context.CancelTimer("t");
                },
                (_, _) => fired.Add(due));
        }

        system.Advance(TimeSpan.FromSeconds(10));

        fired.ShouldBe(dues.Where(due => due % 3 != 0).Order());
        system.System.TimerCount.ShouldBe(0);
    }

    [Fact]
    public void All_timers_share_one_timer_of_the_clock_and_end_with_their_actor()
    {
        using var system = new TestSystem();
        var actors = Enumerable.Range(0, 100).Select(_ => Spawn(system, context =>
        {
            context.StartTimer("t", "tick", Second, Second);
            context.SetReceiveTimeout(Second, "timeout");
        })).ToArray();
        system.Settle();
        system.System.TimerCount.ShouldBe(200);
        system.Clock.TimerCount.ShouldBe(1);

        foreach (var actor in actors)
            system.System.Stop(actor);
        system.Settle();

        system.System.TimerCount.ShouldBe(0);
    }

    [Fact]
    public void A_time_too_far_away_is_never()
    {
        using var system = new TestSystem();
        Spawn(system, context =>
        {
            context.StartTimer("never", "x", TimeSpan.MaxValue);
            context.StartTimer("once", "once", Second, TimeSpan.MaxValue);
        });

        system.Advance(Second * 1000);

        _log.ShouldBe(["once"]);
    }

    [Fact]
    public void Times_that_make_no_sense_are_refused()
    {
        using var system = new TestSystem();
        Spawn(system, context =>
        {
            Should.Throw<ArgumentOutOfRangeException>(() => context.StartTimer("t", "x", -Second));
            Should.Throw<ArgumentOutOfRangeException>(() => context.StartTimer("t", "x", Second, TimeSpan.Zero));
            Should.Throw<ArgumentOutOfRangeException>(() => context.SetReceiveTimeout(TimeSpan.Zero, "x"));
            _log.Add("checked");
        });
        system.Settle();

        _log.ShouldBe(["checked"]);
    }

    [Fact]
    public void The_receive_timeout_comes_each_time_nothing_was_told_for_so_long()
    {
        using var system = new TestSystem();
        var actor = Spawn(system, context =>
        {
            context.SetReceiveTimeout(Second * 10, "timeout");
            context.StartTimer("t", "tick", Second, Second * 100);
        });
        for (var i = 0; i < 5; i++)
        {
            system.Advance(Second * 9);
            actor.Tell("x");
        }

        system.Settle();
        _log.ShouldNotContain("timeout");
        system.Advance(Second * 9.9);
        _log.ShouldNotContain("timeout");
        system.Advance(Second * 0.1);
        _log.Count(message => message == "timeout").ShouldBe(1);
        system.Advance(Second * 10);

        _log.Count(message => message == "timeout").ShouldBe(2);
    }

    [Fact]
    public void The_receive_timeout_can_be_changed_and_turned_off()
    {
        using var system = new TestSystem();
        var actor = Spawn(
            system,
            context => context.SetReceiveTimeout(Second, "old"),
            (context, message) =>
            {
                _log.Add(message);
                if (message == "change")
                    context.SetReceiveTimeout(Second * 5, "new");
                if (message == "off")
                    context.SetReceiveTimeout(Timeout.InfiniteTimeSpan, "never");
            });
        actor.Tell("change");
        system.Advance(Second * 6);
        actor.Tell("off");
        system.Advance(Second * 60);

        _log.ShouldBe(["change", "new", "off"]);
        system.System.TimerCount.ShouldBe(0);
    }

    private IActorRef<string> Spawn(
        TestSystem system, Action<IActorContext<string>> start, Action<IActorContext<string>, string>? receive = null) =>
        system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => start(context)),
                Receive = (context, message) => Script.Done(() =>
                {
                    if (receive is null)
                        _log.Add(message);
                    else
                        receive(context, message);
                }),
            }),
            "a");
}
