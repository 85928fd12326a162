using Verb.Actors.Kernel;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Kernel;

public sealed class SupervisionTests
{
    private readonly RecordingObserver _observer = new();
    private readonly List<string> _log = [];
    private int _instances;

    [Fact]
    public void A_restart_makes_a_fresh_instance_and_keeps_the_mailbox()
    {
        using var system = new TestSystem(observer: _observer);
        var actor = system.Spawn(Failing(), "a");
        foreach (var message in new[] { "one", "fail", "two", "three" })
            actor.Tell(message);

        system.Settle();

        _log.ShouldBe(["1 start", "1 one", "1 stop", "2 restart: fail", "2 start", "2 two", "2 three"]);
        _observer.Failures.ShouldBe([("/a", "fail", Directive.Restart)]);
        system.System.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void A_resume_goes_on_with_the_same_instance()
    {
        using var system = new TestSystem(rootStrategy: Script.Always(Directive.Resume));
        var actor = system.Spawn(Failing(), "a");
        actor.Tell("fail");
        actor.Tell("two");

        system.Settle();

        _log.ShouldBe(["1 start", "1 two"]);
    }

    [Fact]
    public void A_stop_ends_the_actor_and_its_messages_are_dead_letters()
    {
        using var system = new TestSystem(rootStrategy: Script.Always(Directive.Stop));
        var actor = system.Spawn(Failing(), "a");
        actor.Tell("fail");
        actor.Tell("two");

        system.Settle();

        _log.ShouldBe(["1 start", "1 stop"]);
        system.System.ActorCount.ShouldBe(0);
        system.System.DeadLetterCount.ShouldBe(1);
        actor.TryTell("x").ShouldBe(TellResult.Stopped);
    }

    [Fact]
    public void The_failure_after_the_last_allowed_restart_stops()
    {
        var strategy = new SupervisorStrategy(_ => Directive.Restart) { MaxRestarts = 3, Within = TimeSpan.FromSeconds(10) };
        using var system = new TestSystem(observer: _observer, rootStrategy: strategy);
        var actor = system.Spawn(Failing(), "a");

        for (var i = 0; i < 4; i++)
            actor.Tell("fail");
        system.Settle();

        _observer.Failures.Select(failure => failure.Directive)
            .ShouldBe([Directive.Restart, Directive.Restart, Directive.Restart, Directive.Stop]);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void Restarts_that_lie_far_enough_back_do_not_count()
    {
        var strategy = new SupervisorStrategy(_ => Directive.Restart) { MaxRestarts = 1, Within = TimeSpan.FromSeconds(10) };
        using var system = new TestSystem(observer: _observer, rootStrategy: strategy);
        var actor = system.Spawn(Failing(), "a");

        for (var i = 0; i < 5; i++)
        {
            actor.Tell("fail");
            system.Advance(TimeSpan.FromSeconds(10.1));
        }

        _observer.Failures.ShouldAllBe(failure => failure.Directive == Directive.Restart);
        system.System.ActorCount.ShouldBe(1);
    }

    [Fact]
    public void A_strategy_that_throws_stops_the_actor()
    {
        using var system = new TestSystem(
            observer: _observer, rootStrategy: new SupervisorStrategy(_ => throw new InvalidOperationException("undecided")));
        system.Spawn(Failing(), "a").Tell("fail");

        system.Settle();

        _observer.Failures.ShouldBe([("/a", "undecided", Directive.Stop), ("/a", "fail", Directive.Stop)]);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void A_parent_judges_its_children_by_its_own_strategy()
    {
        using var system = new TestSystem(observer: _observer);
        var (_, child) = SpawnFamily(system, Directive.Resume, _ => { });

        child.Tell("fail");
        child.Tell("two");
        system.Settle();

        _observer.Failures.ShouldBe([("/parent/child", "fail", Directive.Resume)]);
        _log.ShouldBe(["1 start", "1 two"]);
    }

    [Fact]
    public void An_escalated_failure_restarts_the_parent_and_ends_the_child()
    {
        using var system = new TestSystem(observer: _observer);
        var children = new List<IActorRef<string>>();
        SpawnFamily(system, Directive.Escalate, children.Add);

        children[0].Tell("fail");
        children[0].Tell("two");
        system.Settle();

        _observer.Failures.ShouldBe([("/parent/child", "fail", Directive.Escalate), ("/parent", "fail", Directive.Restart)]);
        children.Count.ShouldBe(2);
        children[0].TryTell("x").ShouldBe(TellResult.Stopped);
        children[1].TryTell("x").ShouldBe(TellResult.Accepted);
        system.System.ActorCount.ShouldBe(2);
    }

    [Fact]
    public void A_child_that_escalated_goes_on_when_its_parent_is_resumed()
    {
        using var system = new TestSystem(observer: _observer, rootStrategy: Script.Always(Directive.Resume));
        var (_, child) = SpawnFamily(system, Directive.Escalate, _ => { });

        child.Tell("fail");
        child.Tell("two");
        system.Settle();

        _log.ShouldBe(["1 start", "1 two"]);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(int.MaxValue, 0)]
    public void A_child_that_escalated_its_start_is_started_again_within_the_limit(int startsAt, int children)
    {
        using var system = new TestSystem(observer: _observer, rootStrategy: Script.Always(Directive.Resume));
        var parent = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => context.Spawn(Failing(start: instance => instance < startsAt), "child").Tell("one")),
            }) { Supervisor = Script.Always(Directive.Escalate) },
            "parent");
        system.Settle();

        system.System.ActorCount.ShouldBe(1 + children);
        _log.Count(line => line.EndsWith(" one", StringComparison.Ordinal)).ShouldBe(children);
        _instances.ShouldBe(children == 0 ? 11 : startsAt);
        parent.TryTell("x").ShouldBe(TellResult.Accepted);
    }

    [Fact]
    public void What_a_failed_instance_starts_on_its_way_out_does_not_outlive_it()
    {
        using var system = new TestSystem(observer: _observer);
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Receive = (_, message) => message == "fail" ? throw new InvalidOperationException("fail") : Script.Done(() => _log.Add(message)),
                Stop = context =>
                {
                    context.StartTimer("t", "tick", TimeSpan.FromSeconds(1));
                    context.Spawn(Script.Idle<string>(), "late");
                    return default;
                },
            }),
            "a");
        actor.Tell("fail");
        system.Advance(TimeSpan.FromSeconds(2));

        _log.ShouldBeEmpty();
        system.System.ActorCount.ShouldBe(1);
        _observer.Failures.Last().Error.ShouldContain("stopping");
    }

    [Fact]
    public void A_failed_instance_that_is_not_to_go_on_ends_no_batch()
    {
        using var system = new TestSystem(observer: _observer, rootStrategy: Script.Always(Directive.Stop));
        var child = new Props<string>(() => new ScriptedActor<string>
        {
            Receive = (_, _) => throw new InvalidOperationException("fail"),
            BatchEnd = _ => Script.Done(() => _log.Add("batch end")),
            Stop = _ => Script.Done(() => _log.Add("stop")),
        }) { Mailbox = new MailboxOptions { BatchSize = 1 } };
        IActorRef<string>? escalating = null;
        system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => escalating = context.Spawn(child, "child")),
            }) { Supervisor = Script.Always(Directive.Escalate) },
            "parent");
        system.Spawn(child, "single").Tell("fail");
        system.Settle();
        _log.ShouldContain("stop");
        _log.Clear();

        escalating!.Tell("fail");
        system.Settle();

        _log.ShouldBe(["stop"]);
    }

    [Fact]
    public void An_escalation_from_the_top_stops()
    {
        using var system = new TestSystem(observer: _observer, rootStrategy: Script.Always(Directive.Escalate));
        SpawnFamily(system, Directive.Escalate, _ => { }).Child.Tell("fail");

        system.Settle();

        _observer.Failures.ShouldBe([("/parent/child", "fail", Directive.Escalate), ("/parent", "fail", Directive.Stop)]);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void A_start_that_fails_is_tried_again()
    {
        using var system = new TestSystem(observer: _observer);
        var actor = system.Spawn(Failing(start: instance => instance < 3), "a");
        actor.Tell("one");

        system.Settle();

        _log.ShouldBe(["1 start", "1 stop", "2 restart: start", "2 start", "2 stop", "3 restart: start", "3 start", "3 one"]);
    }

    [Fact]
    public void A_start_that_fails_is_not_resumed_but_restarted()
    {
        using var system = new TestSystem(observer: _observer, rootStrategy: Script.Always(Directive.Resume));
        system.Spawn(Failing(start: instance => instance < 2), "a").Tell("one");

        system.Settle();

        _observer.Failures.ShouldBe([("/a", "start", Directive.Restart)]);
        _log[^1].ShouldBe("2 one");
    }

    [Fact]
    public void A_factory_that_fails_every_time_ends_in_a_stop()
    {
        using var system = new TestSystem(observer: _observer);
        var actor = system.Spawn(new Props<string>(() => throw new InvalidOperationException("no")), "a");
        actor.Tell("one");

        system.Settle();

        _observer.Failures.Count.ShouldBe(11);
        _observer.Failures.Last().Directive.ShouldBe(Directive.Stop);
        system.System.ActorCount.ShouldBe(0);
        system.System.DeadLetterCount.ShouldBe(1);
    }

    [Fact]
    public void A_failing_batch_end_goes_to_the_supervisor()
    {
        using var system = new TestSystem(observer: _observer);
        var failed = false;
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Receive = (_, message) => Script.Done(() => _log.Add(message)),
                BatchEnd = _ => failed || _log.Count == 0 ? default : throw Once(),
            }),
            "a");
        actor.Tell("one");
        system.Settle();
        actor.Tell("two");
        system.Settle();

        _observer.Failures.ShouldBe([("/a", "end", Directive.Restart)]);
        _log.ShouldBe(["one", "two"]);

        InvalidOperationException Once()
        {
            failed = true;
            return new InvalidOperationException("end");
        }
    }

    [Fact]
    public void A_failing_stop_is_reported_and_the_actor_ends_all_the_same()
    {
        using var system = new TestSystem(observer: _observer);
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string> { Stop = _ => throw new InvalidOperationException("stop") }), "a");
        system.Settle();

        var stopped = system.System.StopAndWait(actor);
        system.Settle();

        stopped.Now();
        _observer.Failures.ShouldBe([("/a", "stop", Directive.Stop)]);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void A_failure_on_the_message_that_asked_for_the_stop_does_not_restart()
    {
        using var system = new TestSystem(observer: _observer);
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = _ => Script.Done(() => _log.Add("start")),
                Receive = (context, _) =>
                {
                    context.TryPassivate().ShouldBeTrue();
                    throw new InvalidOperationException("after passivating");
                },
            }),
            "a");
        actor.Tell("one");

        system.Settle();

        _log.ShouldBe(["start"]);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void A_restart_ends_children_timers_and_watches_first()
    {
        using var system = new TestSystem(observer: _observer);
        var other = system.Spawn(Script.Idle<string>(), "other");
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Receive = (context, message) =>
                {
                    switch (message)
                    {
                        case "fail":
                            throw new InvalidOperationException("fail");
                        case "prepare":
                            context.StartTimer("t", "tick", TimeSpan.FromSeconds(1));
                            context.SetReceiveTimeout(TimeSpan.FromSeconds(1), "timeout");
                            context.Watch(other);
                            context.Spawn(new Props<string>(() => new ScriptedActor<string> { Stop = _ => Script.Done(() => _log.Add("child stop")) }), "child");
                            break;
                        default:
                            _log.Add(message);
                            break;
                    }

                    return default;
                },
                Terminated = (_, _) => Script.Done(() => _log.Add("terminated")),
                Stop = _ => Script.Done(() => _log.Add("stop")),
            }),
            "a");
        actor.Tell("prepare");
        system.Settle();
        actor.Tell("fail");
        system.Settle();

        system.System.TimerCount.ShouldBe(0);
        system.System.Stop(other);
        system.Advance(TimeSpan.FromSeconds(5));

        _log.ShouldBe(["child stop", "stop"]);
        system.System.ActorCount.ShouldBe(1);
    }

    private Props<string> Failing(Func<int, bool>? start = null) => new(() =>
    {
        var instance = ++_instances;
        return new ScriptedActor<string>
        {
            Start = _ =>
            {
                _log.Add($"{instance} start");
                return start?.Invoke(instance) == true ? throw new InvalidOperationException("start") : default;
            },
            Receive = (_, message) =>
            {
                if (message == "fail")
                    throw new InvalidOperationException("fail");
                _log.Add($"{instance} {message}");
                return default;
            },
            Stop = _ => Script.Done(() => _log.Add($"{instance} stop")),
            Restart = (_, cause) => _log.Add($"{instance} restart: {cause.Message}"),
        };
    });

    private (IActorRef<string> Parent, IActorRef<string> Child) SpawnFamily(
        TestSystem system, Directive directive, Action<IActorRef<string>> spawned)
    {
        IActorRef<string>? child = null;
        var parent = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context =>
                {
                    child = context.Spawn(Failing(), "child");
                    spawned(child);
                    return default;
                },
            }) { Supervisor = Script.Always(directive) },
            "parent");
        system.Settle();
        return (parent, child!);
    }
}
