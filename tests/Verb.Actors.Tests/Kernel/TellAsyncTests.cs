using Verb.Actors.Kernel;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Kernel;

public sealed class TellAsyncTests
{
    private static readonly MailboxOptions One = new() { Bound = 1 };

    [Fact]
    public void It_completes_at_once_where_there_is_room()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>() with { Mailbox = One }, "a");

        actor.TellAsync(1, default).Now().ShouldBe(TellResult.Accepted);
    }

    [Fact]
    public void Who_waits_gets_room_in_the_order_of_asking()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var actor = system.Spawn(Script.Props<int>((_, message) => received.Add(message)) with { Mailbox = One }, "a");

        var tells = Enumerable.Range(0, 5).Select(i => actor.TellAsync(i, default).AsTask()).ToArray();
        tells.Select(tell => tell.IsCompleted).ShouldBe([true, false, false, false, false]);
        system.Settle();

        tells.ShouldAllBe(tell => tell.Now() == TellResult.Accepted);
        received.ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Nobody_overtakes_who_waits_but_control_messages()
    {
        using var system = new TestSystem();
        var received = new List<object>();
        var gate = new TaskCompletionSource();
        var actor = system.Spawn(
            new Props<object>(() => new ScriptedActor<object>
            {
                Receive = (_, message) =>
                {
                    received.Add(message);
                    return message is "hold" ? new ValueTask(gate.Task) : default;
                },
            }) { Mailbox = One },
            "a");
        actor.Tell("hold");
        system.Settle();
        actor.Tell("first");
        var waiting = actor.TellAsync("second", default).AsTask();

        actor.TryTell("pushy").ShouldBe(TellResult.Full);
        actor.TryTell(new Control()).ShouldBe(TellResult.Accepted);
        waiting.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        system.Settle();

        received.ShouldBe(["hold", "first", new Control(), "second"]);
    }

    [Fact]
    public void Room_that_comes_free_belongs_to_who_waits()
    {
        using var system = new TestSystem();
        var results = new List<TellResult>();
        var actor = system.Spawn(
            Script.Props<string>((context, message) =>
            {
                if (message == "first")
                    results.Add(context.Self.TryTell("pushy"));
            }) with { Mailbox = One },
            "a");
        actor.Tell("first");
        var waiting = actor.TellAsync("second", default).AsTask();
        system.Settle();

        results.ShouldBe([TellResult.Full]);
        waiting.Now().ShouldBe(TellResult.Accepted);
    }

    [Fact]
    public void Who_gives_up_waiting_is_not_delivered_and_lets_the_next_in()
    {
        using var system = new TestSystem();
        using var cancellation = new CancellationTokenSource();
        var received = new List<int>();
        var actor = system.Spawn(Script.Props<int>((_, message) => received.Add(message)) with { Mailbox = One }, "a");
        actor.Tell(0);
        var patient = actor.TellAsync(1, cancellation.Token).AsTask();
        var other = actor.TellAsync(2, default).AsTask();

        cancellation.Cancel();
        system.Settle();

        patient.IsCanceled.ShouldBeTrue();
        other.Now().ShouldBe(TellResult.Accepted);
        received.ShouldBe([0, 2]);
    }

    [Fact]
    public void A_cancelled_token_delivers_nothing()
    {
        using var system = new TestSystem();
        var probe = system.Probe<int>();

        probe.Ref.TellAsync(1, new CancellationToken(true)).AsTask().IsCanceled.ShouldBeTrue();

        probe.ExpectNoMsg();
    }

    [Fact]
    public void Room_is_free_again_after_all_have_given_up()
    {
        using var system = new TestSystem();
        using var cancellation = new CancellationTokenSource();
        var actor = system.Spawn(Script.Idle<int>() with { Mailbox = One }, "a");
        actor.Tell(0);
        _ = actor.TellAsync(1, cancellation.Token).AsTask();
        cancellation.Cancel();
        system.Settle();

        actor.TryTell(2).ShouldBe(TellResult.Accepted);
    }

    [Fact]
    public void Waiting_ends_when_the_actor_stops()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>() with { Mailbox = One }, "a");
        actor.Tell(0);
        var waiting = actor.TellAsync(1, default).AsTask();

        system.System.Stop(actor);
        system.Settle();

        waiting.Now().ShouldBe(TellResult.Stopped);
        actor.TellAsync(2, default).Now().ShouldBe(TellResult.Stopped);
    }

    private sealed record Control : IControlMessage;
}
