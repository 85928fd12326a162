using Verb.Actors.Kernel;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Kernel;

public sealed class LifecycleTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void An_actor_ends_after_all_its_children()
    {
        using var system = new TestSystem();
        var root = system.Spawn(Tree(3), "root");
        system.Settle();
        system.System.ActorCount.ShouldBe(15);

        var stopped = system.System.StopAndWait(root);
        system.Settle();

        stopped.Now();
        system.System.ActorCount.ShouldBe(0);
        _log.Count.ShouldBe(15);
        foreach (var path in _log)
            _log.Where(other => other.StartsWith($"{path}/", StringComparison.Ordinal)).ShouldAllBe(other => _log.IndexOf(other) < _log.IndexOf(path));
    }

    [Fact]
    public void Stopping_twice_or_after_the_end_is_no_mistake()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Tree(0), "root");
        system.Settle();

        system.System.Stop(actor);
        system.System.Stop(actor);
        system.Settle();
        system.System.Stop(actor);
        system.Settle();
        var again = system.System.StopAndWait(actor);

        again.Now();
        _log.ShouldBe(["/root"]);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void An_actor_that_waits_for_its_children_takes_no_messages()
    {
        using var system = new TestSystem();
        var gate = new TaskCompletionSource();
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context =>
                {
                    context.Spawn(new Props<string>(() => new ScriptedActor<string> { Stop = _ => new ValueTask(gate.Task) }), "slow");
                    return default;
                },
            }),
            "a");
        system.Settle();
        var stopped = system.System.StopAndWait(actor);
        system.Settle();

        actor.TryTell("x").ShouldBe(TellResult.Stopped);
        stopped.IsCompleted.ShouldBeFalse();
        system.System.ActorCount.ShouldBe(2);
        gate.SetResult();
        system.Settle();

        stopped.Now();
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void A_stopping_actor_starts_no_children()
    {
        var observer = new RecordingObserver();
        using var system = new TestSystem(observer: observer);
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Stop = context => Script.Done(() => context.Spawn(Script.Idle<string>(), "late")),
            }),
            "a");
        system.Settle();
        system.System.Stop(actor);
        system.Settle();

        observer.Failures.Single().Error.ShouldContain("stopping");
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void An_actor_stopped_before_its_turn_never_starts()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = _ => Script.Done(() => _log.Add("start")),
                Stop = _ => Script.Done(() => _log.Add("stop")),
            }),
            "a");
        actor.Tell("x");
        system.System.Stop(actor);
        system.Settle();

        _log.ShouldBeEmpty();
        system.System.DeadLetterCount.ShouldBe(1);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void The_batch_end_comes_once_per_batch_and_before_the_stop()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(
            new Props<int>(() => new ScriptedActor<int>
            {
                Receive = (context, message) =>
                {
                    _log.Add($"{message}");
                    if (message == 5)
                        context.Stop();
                    return default;
                },
                BatchEnd = _ => Script.Done(() => _log.Add("end")),
                Stop = _ => Script.Done(() => _log.Add("stop")),
            }) { Mailbox = new MailboxOptions { BatchSize = 2 } },
            "a");
        for (var i = 1; i <= 6; i++)
            actor.Tell(i);
        system.Settle();

        _log.ShouldBe(["1", "2", "end", "3", "4", "end", "5", "end", "stop"]);
    }

    [Fact]
    public void Disposing_the_system_ends_all_actors_and_refuses_new_ones()
    {
        var system = new TestSystem();
        system.Spawn(Tree(2), "one");
        system.Spawn(Tree(2), "two");
        system.Settle();

        var ended = system.System.DisposeAsync().AsTask();
        ended.IsCompleted.ShouldBeFalse();
        system.Settle();

        ended.Now();
        system.System.DisposeAsync().AsTask().Now();
        system.System.ActorCount.ShouldBe(0);
        system.Clock.TimerCount.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => system.Spawn(Tree(0), "late"));
    }

    [Fact]
    public void Disposing_waits_for_a_suspended_actor()
    {
        var system = new TestSystem();
        var gate = new TaskCompletionSource();
        system.Spawn(new Props<int>(() => new ScriptedActor<int> { Receive = (_, _) => new ValueTask(gate.Task) }), "a").Tell(1);
        system.Settle();

        var ended = system.System.DisposeAsync().AsTask();
        system.Settle();
        ended.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        system.Settle();

        ended.Now();
    }

    [Fact]
    public void An_empty_system_ends_at_once()
    {
        var system = new TestSystem();

        system.System.DisposeAsync().AsTask().Now();
    }

    [Fact]
    public void A_foreign_address_is_refused()
    {
        using var system = new TestSystem();
        using var other = new TestSystem();
        var actor = other.Spawn(Script.Idle<int>(), "a");

        Should.Throw<ArgumentException>(() => system.System.Stop(actor)).Message.ShouldContain("another system");
        Should.Throw<ArgumentException>(() => system.System.Stop(new NoActor())).Message.ShouldContain("not an actor of this kernel");
    }

    private Props<string> Tree(int depth) => new(() => new ScriptedActor<string>
    {
        Start = context =>
        {
            for (var i = 0; depth > 0 && i < 2; i++)
                context.Spawn(Tree(depth - 1), $"{i}");
            return default;
        },
        Stop = context => Script.Done(() => _log.Add(context.Self.Path)),
    });

    private sealed class NoActor : IActorRef
    {
        public string Path => "nowhere";
    }
}
