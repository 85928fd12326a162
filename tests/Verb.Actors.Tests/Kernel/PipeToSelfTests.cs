using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class PipeToSelfTests
{
    private readonly List<string> _log = [];
    private readonly TaskCompletionSource<int> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void The_result_arrives_as_a_message_and_the_actor_goes_on_meanwhile()
    {
        using var system = new TestSystem();
        var actor = Spawn(system);
        actor.Tell("pipe");
        actor.Tell("other");
        system.Settle();
        _log.ShouldBe(["pipe", "other"]);

        _source.SetResult(42);
        system.Settle();

        _log.ShouldBe(["pipe", "other", "got 42"]);
    }

    [Fact]
    public void A_failure_arrives_as_a_message()
    {
        using var system = new TestSystem();
        Spawn(system).Tell("pipe");
        system.Settle();

        _source.SetException(new InvalidOperationException("broken"));
        system.Settle();

        _log.ShouldBe(["pipe", "failed broken"]);
    }

    [Fact]
    public void A_completed_task_arrives_behind_what_waits()
    {
        using var system = new TestSystem();
        _source.SetResult(1);
        var actor = Spawn(system);
        actor.Tell("pipe");
        actor.Tell("other");
        system.Settle();

        _log.ShouldBe(["pipe", "other", "got 1"]);
    }

    [Fact]
    public void The_result_passes_a_full_mailbox()
    {
        using var system = new TestSystem();
        var actor = Spawn(system);
        actor.Tell("pipe");
        system.Settle();
        actor.Tell("one");
        actor.Tell("two");
        actor.TryTell("three").ShouldBe(TellResult.Full);
        _source.SetResult(42);
        system.Settle();

        _log.Order().ShouldBe(["got 42", "one", "pipe", "two"]);
        system.System.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void A_result_for_a_stopped_actor_is_a_dead_letter()
    {
        using var system = new TestSystem();
        var actor = Spawn(system);
        actor.Tell("pipe");
        system.Settle();
        system.System.Stop(actor);
        system.Settle();

        _source.SetResult(42);
        system.Settle();

        system.System.DeadLetterCount.ShouldBe(1);
    }

    [Fact]
    public void A_mapping_that_throws_counts_as_a_failure_and_one_that_throws_again_is_reported()
    {
        var observer = new RecordingObserver();
        using var system = new TestSystem(observer: observer);
        var actor = system.Spawn(
            Script.Props<string>((context, message) =>
            {
                _log.Add(message);
                if (message == "pipe")
                    context.PipeToSelf(new ValueTask<int>(1), _ => throw new InvalidOperationException("one"), e => $"failed {e.Message}");
                if (message == "twice")
                    context.PipeToSelf<int>(new ValueTask<int>(1), _ => throw new InvalidOperationException("one"), _ => throw new InvalidOperationException("two"));
            }),
            "a");
        actor.Tell("pipe");
        system.Settle();
        actor.Tell("twice");
        system.Settle();

        _log.ShouldBe(["pipe", "failed one", "twice"]);
        observer.Failures.ShouldBe([("/a", "two", Directive.Resume)]);
    }

    private IActorRef<string> Spawn(TestSystem system) => system.Spawn(
        Script.Props<string>((context, message) =>
        {
            _log.Add(message);
            if (message == "pipe")
                context.PipeToSelf(new ValueTask<int>(_source.Task), result => $"got {result}", exception => $"failed {exception.Message}");
        }) with { Mailbox = new MailboxOptions { Bound = 2 } },
        "a");
}
