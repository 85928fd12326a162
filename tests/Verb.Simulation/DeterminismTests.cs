using Verb.TestKit.Simulation;

namespace Verb.Simulation;

public sealed class DeterminismTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(16)]
    public void The_same_seed_gives_the_same_run(int seed)
    {
        var first = SimSeeds.One(SimPlan.Of(seed));
        var again = SimSeeds.One(SimPlan.Of(seed));
        var told = SimSeeds.One(SimPlan.Of(seed), keepLines: true);

        again.Hash.ShouldBe(first.Hash);
        again.Events.ShouldBe(first.Events);
        again.Steps.ShouldBe(first.Steps);
        again.Violations.ShouldBe(first.Violations);
        told.Steps.ShouldBe(first.Steps, "looking at it changes nothing");
    }

    [Fact]
    public void Another_seed_gives_another_run() =>
        SimSeeds.One(SimPlan.Of(1)).Hash.ShouldNotBe(SimSeeds.One(SimPlan.Of(5)).Hash);
}
