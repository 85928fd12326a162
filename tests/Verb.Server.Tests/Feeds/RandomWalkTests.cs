using Verb.Server.Feeds;

namespace Verb.Server.Tests.Feeds;

public class RandomWalkTests
{
    [Fact]
    public void A_price_wanders_by_half_its_swing_at_most_and_never_below_zero()
    {
        var walk = new RandomWalk(100m, 10m, new Random(1));
        walk.Price.ShouldBe(100m);
        var reachedZero = false;
        for (var step = 0; step < 20_000; step++)
        {
            var before = walk.Price;
            walk.Step();
            walk.Price.ShouldBeGreaterThanOrEqualTo(0m);
            Math.Abs(walk.Price - before).ShouldBeLessThanOrEqualTo(5m);
            walk.Change.ShouldBe(walk.Price - before);
            reachedZero |= walk.Price == 0m;
        }

        reachedZero.ShouldBeTrue("a price of 0 is a price like any other");
    }
}
