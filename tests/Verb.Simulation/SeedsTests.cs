using Verb.TestKit.Simulation;
using Xunit.Abstractions;

namespace Verb.Simulation;

public sealed class SeedsTests(ITestOutputHelper output)
{
    /// <summary>More of them: <c>./simulate.sh --seeds 20000</c>.</summary>
    private const int Seeds = 500;

    [Fact]
    public void Whatever_goes_wrong_nothing_is_lost_doubled_reordered_or_left_behind()
    {
        var (runs, acknowledged, moves) = (0, 0L, 0L);
        var gate = new Lock();
        var failures = SimSeeds.Run(1, Seeds, mostFailures: 3, ran: result =>
        {
            lock (gate)
                (runs, acknowledged, moves) = (runs + 1, acknowledged + result.Acknowledged, moves + result.OwnerChanges);
        });

        output.WriteLine($"{runs} seeds: {acknowledged} acknowledged messages, {moves} changes of owner");
        failures.ShouldBeEmpty(string.Join('\n', failures.Select(failure =>
            $"{failure.Violations[0]}\n{failure.Plan}\n./simulate.sh --seeds 1 --from {failure.Plan.Seed}")));
        acknowledged.ShouldBeGreaterThan(Seeds * 20, "the clients did hardly anything");
        moves.ShouldBeGreaterThan(Seeds * 300, "hardly anything went wrong");
    }

    /// <summary>Each of these found a bug of the hub once, which no other test had.</summary>
    [Theory]
    [InlineData(338)]
    [InlineData(698)]
    [InlineData(765)]
    [InlineData(925)]
    [InlineData(1259)]
    [InlineData(2607)]
    [InlineData(3452)]
    [InlineData(14252)]
    public void A_seed_that_found_something_finds_nothing_any_more(int seed) =>
        SimSeeds.One(SimPlan.Of(seed)).Violations.ShouldBeEmpty();
}
