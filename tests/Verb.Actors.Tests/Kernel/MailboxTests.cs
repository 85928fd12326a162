using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class MailboxTests
{
    private static readonly MailboxOptions Two = new() { Bound = 2 };

    private sealed record Control : IControlMessage;

    [Fact]
    public void Messages_of_one_sender_arrive_in_order()
    {
        using var system = new TestSystem();
        var probe = system.Probe<int>();

        for (var i = 0; i < 1000; i++)
            probe.Ref.Tell(i);

        probe.Messages.ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact]
    public void A_mailbox_takes_exactly_as_many_as_its_bound()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>() with { Mailbox = Two }, "a");

        new[] { actor.TryTell(1), actor.TryTell(2), actor.TryTell(3) }
            .ShouldBe([TellResult.Accepted, TellResult.Accepted, TellResult.Full]);
        system.Settle();
        actor.TryTell(4).ShouldBe(TellResult.Accepted);
    }

    [Fact]
    public void Each_message_that_finds_a_mailbox_full_is_made_known_to_whoever_asked_for_it()
    {
        using var system = new TestSystem();
        var full = 0;
        var actor = system.Spawn(Script.Idle<int>() with { Mailbox = Two, Full = () => full++ }, "a");

        for (var i = 0; i < 5; i++)
            actor.TryTell(i);
        actor.Tell(5);

        full.ShouldBe(4);
    }

    [Fact]
    public void An_actor_knows_how_many_messages_wait()
    {
        using var system = new TestSystem();
        var waiting = new List<int>();
        var actor = system.Spawn(Script.Props<int>((context, _) => waiting.Add(context.Waiting)), "a");

        for (var i = 0; i < 3; i++)
            actor.Tell(i);
        system.Settle();

        waiting.ShouldBe([2, 1, 0]);
    }

    [Fact]
    public void The_message_being_handled_does_not_count_against_the_bound()
    {
        using var system = new TestSystem();
        var results = new List<TellResult>();
        var actor = system.Spawn(
            Script.Props<string>((context, message) =>
            {
                if (message == "go")
                    results.AddRange(Enumerable.Range(0, 3).Select(_ => context.Self.TryTell("more")));
            }) with { Mailbox = Two },
            "a");

        actor.Tell("go");
        system.Settle();

        results.ShouldBe([TellResult.Accepted, TellResult.Accepted, TellResult.Full]);
    }

    [Fact]
    public void A_control_message_passes_a_full_mailbox_in_its_order()
    {
        using var system = new TestSystem();
        var received = new List<object>();
        var actor = system.Spawn(Script.Props<object>((_, message) => received.Add(message)) with { Mailbox = Two }, "a");
        actor.Tell(1);
        actor.Tell(2);

        actor.TryTell(new Control()).ShouldBe(TellResult.Accepted);
        actor.TryTell(3).ShouldBe(TellResult.Full);
        system.Settle();

        received.ShouldBe([1, 2, new Control()]);
    }

    [Fact]
    public void A_control_message_does_not_pass_the_end_of_a_mailbox()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<object>(), "a");
        system.System.Stop(actor);
        system.Settle();

        actor.TryTell(new Control()).ShouldBe(TellResult.Stopped);
    }

    [Fact]
    public void What_a_full_mailbox_refuses_is_a_counted_dead_letter()
    {
        var observer = new RecordingObserver();
        using var system = new TestSystem(observer: observer);
        var actor = system.Spawn(Script.Idle<int>() with { Mailbox = Two }, "a");

        for (var i = 0; i < 5; i++)
            actor.Tell(i);

        system.System.DeadLetterCount.ShouldBe(3);
        observer.DeadLetters.ShouldBe([("/a", 2), ("/a", 3), ("/a", 4)]);
    }

    [Fact]
    public void A_refusable_message_is_refused_and_is_no_dead_letter()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<RefusableMessage>() with { Mailbox = Two }, "a");
        var messages = Enumerable.Range(0, 3).Select(_ => new RefusableMessage()).ToArray();
        foreach (var message in messages)
            actor.Tell(message);
        messages.Select(message => message.Refusal).ShouldBe([null, null, Refusal.Busy]);

        system.System.Stop(actor);
        system.Settle();

        messages.Select(message => message.Refusal).ShouldBe([Refusal.Stopped, Refusal.Stopped, Refusal.Busy]);
        system.System.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void A_refusal_that_throws_is_reported_and_harms_nobody()
    {
        var observer = new RecordingObserver();
        using var system = new TestSystem(observer: observer);
        var actor = system.Spawn(Script.Idle<ThrowingMessage>() with { Mailbox = Two }, "a");
        for (var i = 0; i < 3; i++)
            actor.Tell(new ThrowingMessage());
        var stopped = system.System.StopAndWait(actor);
        system.Settle();

        stopped.IsCompletedSuccessfully.ShouldBeTrue();
        observer.Failures.ShouldBe(Enumerable.Repeat(("/a", "refused", Directive.Resume), 3));
    }

    [Fact]
    public void TryTell_never_makes_a_dead_letter()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>() with { Mailbox = Two }, "a");

        for (var i = 0; i < 5; i++)
            actor.TryTell(i);
        system.Settle();
        system.System.Stop(actor);
        system.Settle();

        actor.TryTell(6).ShouldBe(TellResult.Stopped);
        system.System.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void What_is_left_when_an_actor_stops_is_dead_letters()
    {
        using var system = new TestSystem();
        var received = 0;
        var actor = system.Spawn(
            Script.Props<int>((context, message) =>
            {
                received++;
                if (message == 3)
                    context.Stop();
            }),
            "a");

        for (var i = 0; i < 10; i++)
            actor.Tell(i);
        system.Settle();

        received.ShouldBe(4);
        system.System.DeadLetterCount.ShouldBe(6);
    }

    [Fact]
    public void Limits_below_one_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new MailboxOptions { Bound = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new MailboxOptions { BatchSize = 0 });
    }

    private sealed class ThrowingMessage : IRefusable
    {
        public void Refuse(Refusal reason) => throw new InvalidOperationException("refused");
    }

    private sealed class RefusableMessage : IRefusable
    {
        public Refusal? Refusal { get; private set; }

        public void Refuse(Refusal reason) => Refusal = reason;
    }
}
