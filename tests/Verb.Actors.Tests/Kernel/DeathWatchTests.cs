using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class DeathWatchTests
{
    private readonly List<string> _log = [];

    private Props<object> Watcher => new(() => new ScriptedActor<object>
    {
        Receive = (context, message) =>
        {
            switch (message)
            {
                case ("watch", IActorRef actor):
                    context.Watch(actor);
                    break;
                case ("unwatch", IActorRef actor):
                    context.Unwatch(actor);
                    break;
                default:
                    _log.Add($"{message}");
                    break;
            }

            return default;
        },
        Terminated = (_, actor) => Script.Done(() => _log.Add($"terminated {actor.Path}")),
    });

    [Fact]
    public void The_watcher_is_told_once_even_if_it_watched_twice()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>(), "a");
        var watcher = system.Spawn(Watcher, "w");
        watcher.Tell(("watch", (IActorRef)actor));
        watcher.Tell(("watch", (IActorRef)actor));
        system.Settle();

        system.System.Stop(actor);
        system.Settle();

        _log.ShouldBe(["terminated /a"]);
    }

    [Fact]
    public void Watching_the_dead_tells_as_well_each_time()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>(), "a");
        system.System.Stop(actor);
        system.Settle();
        var watcher = system.Spawn(Watcher, "w");

        watcher.Tell(("watch", (IActorRef)actor));
        system.Settle();
        watcher.Tell(("watch", (IActorRef)actor));
        system.Settle();

        _log.ShouldBe(["terminated /a", "terminated /a"]);
    }

    [Fact]
    public void Unwatching_takes_back_even_a_notice_under_way()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>(), "a");
        var gate = new TaskCompletionSource();
        var watcher = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Receive = async (context, message) =>
                {
                    if (message == "watch")
                    {
                        context.Watch(actor);
                        return;
                    }

                    await gate.Task;
                    context.Unwatch(actor);
                },
                Terminated = (_, _) => Script.Done(() => _log.Add("terminated")),
            }),
            "w");
        watcher.Tell("watch");
        watcher.Tell("unwatch");
        system.Settle();
        system.System.Stop(actor);
        system.Settle();
        gate.SetResult();
        system.Settle();

        _log.ShouldBeEmpty();
    }

    [Fact]
    public void The_notice_comes_behind_what_the_dead_had_told()
    {
        using var system = new TestSystem();
        var watcher = system.Spawn(Watcher, "w");
        var actor = system.Spawn(
            Script.Props<int>((context, _) =>
            {
                for (var i = 0; i < 3; i++)
                    watcher.Tell(i);
                context.Stop();
            }),
            "a");
        watcher.Tell(("watch", (IActorRef)actor));
        system.Settle();

        actor.Tell(1);
        system.Settle();

        _log.ShouldBe(["0", "1", "2", "terminated /a"]);
    }

    [Fact]
    public void A_restart_of_the_watched_is_no_end()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Props<int>((_, _) => throw new InvalidOperationException("fail")), "a");
        var watcher = system.Spawn(Watcher, "w");
        watcher.Tell(("watch", (IActorRef)actor));
        system.Settle();

        actor.Tell(1);
        system.Settle();

        _log.ShouldBeEmpty();
        system.System.Stop(actor);
        system.Settle();
        _log.ShouldBe(["terminated /a"]);
    }

    [Fact]
    public void A_parent_may_watch_its_child()
    {
        using var system = new TestSystem();
        var parent = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context =>
                {
                    var child = context.Spawn(Script.Props<string>((self, _) => self.Stop()), "child");
                    context.Watch(child);
                    child.Tell("stop");
                    return default;
                },
                Terminated = (_, actor) => Script.Done(() => _log.Add(actor.Path)),
            }),
            "p");
        system.Settle();

        _log.ShouldBe(["/p/child"]);
        parent.TryTell("x").ShouldBe(TellResult.Accepted);
    }

    [Fact]
    public void A_failing_handler_of_the_notice_goes_to_the_supervisor()
    {
        var observer = new RecordingObserver();
        using var system = new TestSystem(observer: observer);
        var actor = system.Spawn(Script.Idle<int>(), "a");
        system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => context.Watch(actor)),
                Terminated = (_, _) => throw new InvalidOperationException("mourning"),
            }),
            "w");
        system.Settle();
        system.System.Stop(actor);
        system.Settle();

        observer.Failures.First().ShouldBe(("/w", "mourning", Directive.Restart));
    }
}
