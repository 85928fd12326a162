using Verb.Gateway.Limits;

namespace Verb.Gateway.Tests.Limits;

public sealed class CapacityGateTests
{
    [Fact]
    public void Beyond_the_limit_connections_are_refused_and_counted()
    {
        var gate = new CapacityGate(2);

        gate.TryEnter().ShouldBeTrue();
        gate.TryEnter().ShouldBeTrue();
        gate.TryEnter().ShouldBeFalse();
        gate.Leave();
        gate.TryEnter().ShouldBeTrue();

        (gate.Active, gate.Accepted, gate.Rejected).ShouldBe((2, 3, 1));
    }

    [Fact]
    public void Zero_is_unlimited()
    {
        var gate = new CapacityGate(0);
        Enumerable.Range(0, 100_000).ShouldAllBe(_ => gate.TryEnter());
        gate.Active.ShouldBe(100_000);
    }

    [Fact]
    public void Who_is_refused_takes_no_place_not_even_for_a_moment()
    {
        var gate = new CapacityGate(1);
        gate.TryEnter().ShouldBeTrue();
        var seenTwo = false;
        Parallel.For(0, 200_000, _ =>
        {
            gate.TryEnter();
            if (gate.Active != 1)
                Volatile.Write(ref seenTwo, true);
        });

        seenTwo.ShouldBeFalse();
        gate.Leave();
        gate.TryEnter().ShouldBeTrue();
        gate.Rejected.ShouldBe(200_000);
    }

    [Fact]
    public void Many_threads_never_hold_more_than_the_limit_and_every_try_is_counted()
    {
        var gate = new CapacityGate(10);
        var most = 0;
        var held = 0;
        Parallel.For(0, 20_000, _ =>
        {
            if (!gate.TryEnter())
                return;
            var now = Interlocked.Increment(ref held);
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, now, seen);
            Interlocked.Decrement(ref held);
            gate.Leave();
        });

        most.ShouldBeInRange(1, 10);
        gate.Active.ShouldBe(0);
        (gate.Accepted + gate.Rejected).ShouldBe(20_000);
    }
}
