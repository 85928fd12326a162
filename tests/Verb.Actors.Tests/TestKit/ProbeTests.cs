using Akka.Actor;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.TestKit;

public sealed class ProbeTests : IDisposable
{
    private readonly TestSystem _system = new(seed: 5);

    public void Dispose() => _system.Dispose();

    [Fact]
    public void It_gives_what_came_in_order_by_type_condition_or_value()
    {
        var probe = _system.Probe<object>();
        probe.Ref.Tell("one");
        probe.Ref.Tell(2);
        probe.Ref.Tell(3);
        probe.ReplyTo.Reply(4);

        probe.ExpectMsg<string>().ShouldBe("one");
        probe.ExpectMsg(message => message is 2).ShouldBe(2);
        probe.ExpectMsg((object)3);
        probe.ExpectMsg<int>().ShouldBe(4);
        probe.ExpectNoMsg();
        probe.Messages.ShouldBe(["one", 2, 3, 4]);
    }

    [Fact]
    public void Fishing_passes_over_what_does_not_fit()
    {
        var probe = _system.Probe<object>();
        probe.Ref.Tell(1);
        probe.Ref.Tell("fish");
        probe.Ref.Tell(2);

        probe.FishForMsg<string>().ShouldBe("fish");
        probe.ExpectMsg<int>().ShouldBe(2);
    }

    [Fact]
    public void What_does_not_come_or_comes_unexpected_names_the_seed()
    {
        var probe = _system.Probe<object>();
        Refusal(() => probe.ExpectMsg<string>()).ShouldBe("Expected a String, but nothing came (seed 5).");
        probe.Ref.Tell(1);
        Refusal(probe.ExpectNoMsg).ShouldBe("Expected nothing, but got 1 (seed 5).");
        Refusal(() => probe.ExpectMsg<string>()).ShouldBe("Expected a String, but got 1 (seed 5).");
        probe.Ref.Tell(2);
        Refusal(() => probe.FishForMsg<string>()).ShouldBe("Expected a String, but nothing came (seed 5).");
    }

    [Fact]
    public void It_sees_an_actor_end()
    {
        var probe = _system.Probe<object>();
        var other = _system.Probe<object>("other");
        Refusal(() => probe.ExpectTerminated(other.Ref)).ShouldBe("Expected /user/other to have ended, but it lives (seed 5).");

        _system.System.Stop(other.Ref);

        probe.ExpectTerminated(other.Ref);
    }

    [Fact]
    public void A_task_that_has_not_completed_is_an_expectation_not_met()
    {
        Should.Throw<ExpectationException>(() => new TaskCompletionSource<int>().Task.Now());
        Should.Throw<ExpectationException>(() => new TaskCompletionSource().Task.Now());
    }

    private static string Refusal(Action expectation) => Should.Throw<ExpectationException>(expectation).Message;
}
