using Verb.Actors.Connections;

namespace Verb.Actors.Tests.Connections;

public sealed class TokenBucketTests
{
    private readonly SteppedClock _clock = new();

    [Fact]
    public void A_new_bucket_gives_its_burst_and_then_refuses()
    {
        var bucket = new TokenBucket(50, 100, _clock);

        Enumerable.Range(0, 100).ShouldAllBe(_ => bucket.TryTake(1, out _retryAfter));
        bucket.TryTake(1, out var retryAfter).ShouldBeFalse();
        retryAfter.ShouldBe(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void A_refused_request_takes_nothing_and_succeeds_after_exactly_the_delay_it_was_told()
    {
        var bucket = new TokenBucket(3, 7, _clock);
        bucket.TryTake(7, out _).ShouldBeTrue();

        bucket.TryTake(2, out var retryAfter).ShouldBeFalse();
        _clock.Advance(retryAfter - TimeSpan.FromMilliseconds(1));
        bucket.TryTake(2, out var rest).ShouldBeFalse();
        _clock.Advance(rest);
        bucket.TryTake(2, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_rate_of_zero_is_unlimited()
    {
        var bucket = new TokenBucket(0, 0, _clock);

        Enumerable.Range(0, 10_000).ShouldAllBe(_ => bucket.TryTake(1e12, out _retryAfter));
        _retryAfter.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Idle_time_never_saves_up_more_than_the_burst()
    {
        var bucket = new TokenBucket(10, 5, _clock);
        _clock.Advance(TimeSpan.FromDays(30));

        bucket.TryTake(5, out _).ShouldBeTrue();
        bucket.TryTake(1, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_request_larger_than_the_bucket_passes_when_it_is_full_and_leaves_a_debt()
    {
        var bucket = new TokenBucket(10, 10, _clock);

        bucket.TryTake(30, out _).ShouldBeTrue();
        bucket.TryTake(1, out var retryAfter).ShouldBeFalse();
        retryAfter.ShouldBe(TimeSpan.FromSeconds(2.1));
    }

    [Fact]
    public void A_burst_below_one_is_the_rate_and_at_least_one_token()
    {
        var fast = new TokenBucket(3, 0, _clock);
        Enumerable.Range(0, 3).ShouldAllBe(_ => fast.TryTake(1, out _retryAfter));
        fast.TryTake(1, out _).ShouldBeFalse();

        var slow = new TokenBucket(0.5, 0, _clock);
        slow.TryTake(1, out _).ShouldBeTrue();
        slow.TryTake(1, out var retryAfter).ShouldBeFalse();
        retryAfter.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_clock_that_steps_back_neither_refills_nor_breaks()
    {
        var bucket = new TokenBucket(10, 10, _clock);
        bucket.TryTake(10, out _).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(-5));

        bucket.TryTake(1, out _).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(6));
        bucket.TryTake(10, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_tiny_rate_gives_a_finite_delay()
    {
        var bucket = new TokenBucket(double.Epsilon, 1, _clock);
        bucket.TryTake(1, out _).ShouldBeTrue();

        bucket.TryTake(1, out var retryAfter).ShouldBeFalse();
        retryAfter.ShouldBe(TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(1, -1)]
    [InlineData(1, double.NaN)]
    public void A_rate_or_burst_that_is_no_number_from_zero_is_refused(double perSecond, double burst) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new TokenBucket(perSecond, burst, _clock));

    [Fact]
    public void Over_any_span_no_more_passes_than_burst_plus_rate_times_time()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var clock = new SteppedClock();
            var (rate, burst) = (random.Next(1, 100), random.Next(1, 100));
            var bucket = new TokenBucket(rate, burst, clock);
            var (taken, elapsed) = (0d, TimeSpan.Zero);
            for (var step = 0; step < 200; step++)
            {
                var wanted = random.Next(1, burst + 1);
                taken += bucket.TryTake(wanted, out _) ? wanted : 0;
                var pause = TimeSpan.FromMilliseconds(random.Next(0, 200));
                clock.Advance(pause);
                taken.ShouldBeLessThanOrEqualTo(burst + (rate * elapsed.TotalSeconds) + 0.001, $"seed {seed}");
                elapsed += pause;
            }
        }
    }

    private TimeSpan _retryAfter;

    private sealed class SteppedClock : TimeProvider
    {
        private long _now = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
