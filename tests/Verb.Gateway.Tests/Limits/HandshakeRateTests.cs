using Verb.Gateway.Limits;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Limits;

public sealed class HandshakeRateTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Beyond_the_rate_a_handshake_is_told_when_to_come_back()
    {
        var rate = new HandshakeRate(2, _clock);

        rate.TryTake(out _).ShouldBeTrue();
        rate.TryTake(out _).ShouldBeTrue();
        rate.TryTake(out var retryAfter).ShouldBeFalse();
        retryAfter.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(retryAfter));
        rate.TryTake(out _).ShouldBeTrue();
    }

    [Fact]
    public void Zero_is_unlimited()
    {
        var rate = new HandshakeRate(0, _clock);
        for (var i = 0; i < 1000; i++)
            rate.TryTake(out _).ShouldBeTrue();
    }

    [Fact]
    public void Many_threads_take_exactly_the_rate()
    {
        var rate = new HandshakeRate(100, _clock);
        var taken = 0;
        Parallel.For(0, 5_000, _ =>
        {
            if (rate.TryTake(out var _))
                Interlocked.Increment(ref taken);
        });
        taken.ShouldBe(100);
    }
}
