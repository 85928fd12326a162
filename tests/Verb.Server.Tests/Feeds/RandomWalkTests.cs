using Verb.Server.Feeds;

namespace Verb.Server.Tests.Feeds;

public class RandomWalkTests
{
    private const decimal Cent = 0.01m;

    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    [InlineData(60_000)]
    public void A_price_wanders_by_its_swing_at_most_and_stays_believable_for_an_hour(int start)
    {
        var walk = new RandomWalk(start, new Random(1));
        walk.Price.ShouldBe(start);
        var (ups, downs) = (0, 0);
        for (var second = 0; second < 3_600; second++)
        {
            var before = walk.Price;
            walk.Step();
            Math.Abs(walk.Price - before).ShouldBeLessThanOrEqualTo(before * RandomWalk.Swing + Cent);
            walk.Change.ShouldBe(walk.Price - before);
            walk.Price.ShouldBeInRange(start / 2m, start * 2m);
            ups += walk.Change > 0 ? 1 : 0;
            downs += walk.Change < 0 ? 1 : 0;
        }

        ups.ShouldBeGreaterThan(1_000);
        downs.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void A_price_of_nothing_stays_nothing()
    {
        var walk = new RandomWalk(0m, new Random(1));
        walk.Step();
        walk.Price.ShouldBe(0m);
    }
}
