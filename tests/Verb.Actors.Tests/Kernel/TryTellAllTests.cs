using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class TryTellAllTests
{
    [Fact]
    public void All_are_found_together_and_in_order()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var actor = system.Spawn(Script.Props<int>((_, message) => received.Add(message)), "a");

        actor.TryTellAll([1, 2, 3]).ShouldBe(3);
        system.Settle();

        received.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void It_stops_at_the_first_that_finds_no_place()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var actor = system.Spawn(
            Script.Props<int>((_, message) => received.Add(message)) with { Mailbox = new MailboxOptions { Bound = 2 } }, "a");

        actor.TryTellAll([1, 2, 3]).ShouldBe(2);
        actor.TryTellAll([4]).ShouldBe(0);
        system.Settle();

        received.ShouldBe([1, 2]);
        actor.TryTellAll([5]).ShouldBe(1);
    }

    [Fact]
    public void Nothing_overtakes_who_waits()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var actor = system.Spawn(
            Script.Props<int>((_, message) => received.Add(message)) with { Mailbox = new MailboxOptions { Bound = 1 } }, "a");
        actor.TryTell(1);
        var waiting = actor.TellAsync(2, default).AsTask();

        actor.TryTellAll([3]).ShouldBe(0);
        system.Settle();

        waiting.IsCompletedSuccessfully.ShouldBeTrue();
        received.ShouldBe([1, 2]);
    }

    [Fact]
    public void An_actor_that_has_stopped_takes_none()
    {
        using var system = new TestSystem();
        var actor = system.Spawn(Script.Idle<int>(), "a");
        system.System.Stop(actor);
        system.Settle();

        actor.TryTellAll([1, 2]).ShouldBe(0);
    }
}
