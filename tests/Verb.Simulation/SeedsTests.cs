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
}
