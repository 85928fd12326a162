using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class TellTests
{
    [Fact]
    public void Messages_of_one_sender_arrive_in_order()
    {
        using var system = new TestSystem();
        var probe = system.Probe<int>();

        for (var i = 0; i < 1000; i++)
            probe.Ref.Tell(i);

        probe.Messages.ShouldBe(Enumerable.Range(0, 1000));
    }
}
