using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class SuspensionTests
{
    private readonly List<string> _log = [];
    private readonly Dictionary<string, TaskCompletionSource> _gates = [];

    private Props<string> Props => new(() => new ScriptedActor<string>
    {
        Start = _ => Step("start"),
        Receive = (context, message) =>
        {
            if (message == "stop-me")
                context.Stop();
            return Step(message);
        },
        BatchEnd = _ => Step("end"),
        Stop = _ => Step("stop"),
    });

    [Fact]
    public void Nothing_runs_until_the_task_completes_and_then_all_goes_on()
    {
        using var system = new TestSystem();
        var gate = Hold("slow");
        var actor = system.Spawn(Props, "a");
        actor.Tell("slow");
        actor.Tell("next");
        system.Settle();
        _log.ShouldBe(["start", "slow"]);

        gate.SetResult();
        _log.ShouldBe(["start", "slow"]);
        system.Settle();

        _log.ShouldBe(["start", "slow", "slow done", "next", "end"]);
    }

    [Fact]
    public void A_suspended_actor_fills_its_mailbox_to_the_bound()
    {
        using var system = new TestSystem();
        Hold("slow");
        var actor = system.Spawn(Props with { Mailbox = new MailboxOptions { Bound = 3 } }, "a");
        actor.Tell("slow");
        system.Settle();

        Enumerable.Range(0, 4).Select(_ => actor.TryTell("x")).ShouldBe(
            [TellResult.Accepted, TellResult.Accepted, TellResult.Accepted, TellResult.Full]);
    }

    [Fact]
    public void A_start_that_waits_holds_the_messages()
    {
        using var system = new TestSystem();
        var gate = Hold("start");
        system.Spawn(Props, "a").Tell("one");
        system.Settle();
        _log.ShouldBe(["start"]);

        gate.SetResult();
        system.Settle();

        _log.ShouldBe(["start", "start done", "one", "end"]);
    }

    [Fact]
    public void A_batch_end_that_waits_is_not_called_again_for_the_same_batch()
    {
        using var system = new TestSystem();
        var gate = Hold("end");
        var actor = system.Spawn(Props, "a");
        system.Settle();
        actor.Tell("one");
        system.Settle();
        _log.ShouldBe(["start", "end"]);

        _gates.Remove("end");
        gate.SetResult();
        system.Settle();

        _log.ShouldBe(["start", "end", "end done", "one", "end"]);
    }

    [Fact]
    public void A_stop_waits_for_the_suspended_turn()
    {
        using var system = new TestSystem();
        var gate = Hold("slow");
        var actor = system.Spawn(Props, "a");
        actor.Tell("slow");
        actor.Tell("never");
        system.Settle();

        var stopped = system.System.StopAndWait(actor);
        system.Settle();
        stopped.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        system.Settle();

        stopped.IsCompletedSuccessfully.ShouldBeTrue();
        _log.ShouldBe(["start", "slow", "slow done", "end", "stop"]);
        system.System.DeadLetterCount.ShouldBe(1);
    }

    [Fact]
    public void A_stop_of_its_own_comes_after_the_suspended_message()
    {
        using var system = new TestSystem();
        var gate = Hold("stop-me");
        var actor = system.Spawn(Props, "a");
        actor.Tell("stop-me");
        system.Settle();
        _log.ShouldBe(["start", "stop-me"]);

        gate.SetResult();
        system.Settle();

        _log.ShouldBe(["start", "stop-me", "stop-me done", "end", "stop"]);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void An_end_that_waits_holds_up_the_end()
    {
        using var system = new TestSystem();
        var gate = Hold("stop");
        var stopped = system.System.StopAndWait(system.Spawn(Props, "a"));
        system.Settle();
        stopped.IsCompleted.ShouldBeTrue("it had not started yet");
        var second = system.Spawn(Props, "b");
        system.Settle();

        stopped = system.System.StopAndWait(second);
        system.Settle();
        stopped.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        system.Settle();

        stopped.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_failure_after_waiting_goes_to_the_supervisor()
    {
        var observer = new RecordingObserver();
        using var system = new TestSystem(observer: observer);
        var gate = Hold("slow");
        var actor = system.Spawn(Props, "a");
        actor.Tell("slow");
        actor.Tell("next");
        system.Settle();

        gate.SetException(new InvalidOperationException("late"));
        system.Settle();

        observer.Failures.ShouldBe([("/a", "late", Directive.Restart)]);
        _log.ShouldBe(["start", "slow", "stop", "start", "next", "end"]);
    }

    [Fact]
    public void Awaits_of_an_actor_come_back_to_the_dispatcher_whoever_completes_them()
    {
        using var system = new TestSystem();
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var threads = new List<int>();
        var actor = system.Spawn(
            new Props<int>(() => new ScriptedActor<int>
            {
                Receive = async (_, _) =>
                {
                    await source.Task;
                    threads.Add(Environment.CurrentManagedThreadId);
                },
            }),
            "a");
        actor.Tell(1);
        system.Settle();

        var other = new Thread(source.SetResult);
        other.Start();
        other.Join();
        system.Settle();

        threads.ShouldBe([Environment.CurrentManagedThreadId]);
    }

    private TaskCompletionSource Hold(string step) => _gates[step] = new TaskCompletionSource();

    private async ValueTask Step(string name)
    {
        _log.Add(name);
        if (!_gates.TryGetValue(name, out var gate))
            return;
        await gate.Task;
        _log.Add($"{name} done");
    }
}
