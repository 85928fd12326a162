using Verb.Actors.Kernel;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Kernel;

public sealed class AskTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private sealed record Question(IReplyTo<int> ReplyTo) : IRefusable
    {
        public void Refuse(Refusal reason) => (ReplyTo as IRefusable)?.Refuse(reason);
    }

    [Fact]
    public void The_answer_completes_the_ask()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Props<Question>((_, question) => question.ReplyTo.Reply(42)), "a");

        var answer = Ask(system, actor);
        system.Settle();

        answer.Now().ShouldBe(42);
        system.Clock.TimerCount.ShouldBe(0);
    }

    [Fact]
    public void No_answer_in_time_is_a_timeout_and_a_later_one_is_ignored()
    {
        using var system = new TestSystem();
        IReplyTo<int>? replyTo = null;
        var actor = system.Spawn(Script.Props<Question>((_, question) => replyTo = question.ReplyTo), "a");

        var answer = Ask(system, actor);
        system.Advance(Second * 0.9);
        answer.IsCompleted.ShouldBeFalse();
        system.Advance(Second * 0.1);

        Should.Throw<TimeoutException>(() => answer.Now()).Message.ShouldContain("/a");
        replyTo!.Reply(1);
    }

    [Fact]
    public void A_full_mailbox_is_busy()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<Question>() with { Mailbox = new MailboxOptions { Bound = 1 } }, "a");
        _ = Ask(system, actor);

        Should.Throw<ActorBusyException>(() => Ask(system, actor).Now());
    }

    [Fact]
    public void A_stopped_actor_says_so()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<Question>(), "a");
        system.System.Stop(actor);
        system.Settle();

        Should.Throw<ActorStoppedException>(() => Ask(system, actor).Now());
    }

    [Fact]
    public void An_actor_that_stops_before_the_question_says_so_if_the_question_can_be_refused()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<Question>(), "a");
        var answer = Ask(system, actor);
        system.System.Stop(actor);
        system.Settle();

        Should.Throw<ActorStoppedException>(() => answer.Now());
        system.Clock.TimerCount.ShouldBe(0);
    }

    [Fact]
    public void A_cancelled_ask_is_cancelled()
    {
        using var system = new TestSystem();
        using var cancellation = new CancellationTokenSource();
        var actor = system.Spawn(Script.Idle<Question>(), "a");
        var answer = actor.Ask<Question, int>(reply => new Question(reply), Second, system.Clock, cancellation.Token);

        cancellation.Cancel();

        answer.IsCanceled.ShouldBeTrue();
        system.Clock.TimerCount.ShouldBe(0);
    }

    [Fact]
    public void A_timeout_is_required()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<Question>(), "a");

        Should.Throw<ArgumentOutOfRangeException>(() => actor.Ask<Question, int>(reply => new Question(reply), TimeSpan.Zero, system.Clock));
    }

    [Fact]
    public void What_follows_an_ask_does_not_run_on_the_answering_turn()
    {
        using var system = new TestSystem();
        var answering = false;
        bool? inside = null;
        var actor = system.Spawn(
            Script.Props<Question>((_, question) =>
            {
                answering = true;
                question.ReplyTo.Reply(1);
                answering = false;
            }),
            "a");

        system.Run(async () =>
        {
            await Ask(system, actor);
            inside = answering;
        });

        inside.ShouldBe(false);
    }

    [Fact]
    public void An_actor_can_be_answered_by_message()
    {
        using var system = new TestSystem();
        var probe = system.Probe<string>();
        var actor = system.Spawn(Script.Props<Question>((_, question) => question.ReplyTo.Reply(7)), "a");

        actor.Tell(new Question(probe.Ref.AsReplyTo<string, int>(number => $"got {number}")));

        probe.ExpectMsg("got 7");
    }

    private static Task<int> Ask(TestSystem system, IActorRef<Question> actor) =>
        actor.Ask<Question, int>(reply => new Question(reply), Second, system.Clock);
}
