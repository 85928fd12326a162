using Verb.Gateway.Limits;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Limits;

public sealed class HandshakeRateTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Beyond_the_rate_a_handshake_is_told_when_to_come_back()
    {
        var rate = Rate(2);

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
        var rate = Rate(0);
        for (var i = 0; i < 1000; i++)
            rate.TryTake(out _).ShouldBeTrue();
    }

    [Fact]
    public void Many_threads_take_exactly_the_rate()
    {
        var rate = Rate(100);
        var taken = 0;
        Parallel.For(0, 5_000, _ =>
        {
            if (rate.TryTake(out var _))
                Interlocked.Increment(ref taken);
        });
        taken.ShouldBe(100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void However_they_come_no_second_lets_in_more_than_the_rate(int perSecond)
    {
        var rate = Rate(perSecond);
        var random = new Random(perSecond);
        var taken = new List<DateTimeOffset>();
        for (var i = 0; i < 20 * perSecond; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(1_500) : random.Next(5)));
            for (var crowd = random.Next(2 * perSecond); crowd >= 0; crowd--)
            {
                if (rate.TryTake(out var _))
                    taken.Add(_clock.GetUtcNow());
            }
        }

        taken.Count.ShouldBeGreaterThan(perSecond);
        for (var i = perSecond; i < taken.Count; i++)
            (taken[i] - taken[i - perSecond]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Those_who_come_evenly_at_the_rate_are_all_let_in(int perSecond)
    {
        var rate = Rate(perSecond);
        for (var i = 0; i < 5 * perSecond; i++)
        {
            rate.TryTake(out _).ShouldBeTrue();
            _clock.Advance(TimeSpan.FromTicks((TimeSpan.TicksPerSecond / perSecond) + 1));
        }
    }

    [Fact]
    public void A_crowd_is_spread_over_the_seconds_that_the_rate_needs_for_it()
    {
        var rate = Rate(100);
        var waits = Refusals(rate, taken: 100, refused: 2_000);

        waits.Min().ShouldBe(1);
        waits.Max().ShouldBeInRange(20, 30);
        waits.GroupBy(wait => wait).Max(second => second.Count()).ShouldBeLessThan(200);
        waits.Distinct().Count().ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Nobody_waits_for_longer_than_a_minute_however_many_came() => Refusals(Rate(1), taken: 1, refused: 10_000).Max().ShouldBe(60);

    [Fact]
    public void A_crowd_that_was_turned_away_long_ago_is_forgotten()
    {
        var rate = Rate(10);
        Refusals(rate, taken: 10, refused: 5_000);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Refusals(rate, taken: 10, refused: 10).ShouldAllBe(wait => wait == 1);
    }

    private HandshakeRate Rate(int perSecond) => new(perSecond, _clock, new Random(7));

    private static List<int> Refusals(HandshakeRate rate, int taken, int refused)
    {
        for (var i = 0; i < taken; i++)
            rate.TryTake(out _).ShouldBeTrue();
        var waits = new List<int>();
        for (var i = 0; i < refused; i++)
        {
            rate.TryTake(out var wait).ShouldBeFalse();
            waits.Add(wait);
        }

        return waits;
    }
}
