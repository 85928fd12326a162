namespace Verb.Actors.Tests.Kernel;

public sealed class InterleavingTests
{
    private const int PerCase = 250;

    public static TheoryData<int> FirstSeeds => [.. Enumerable.Range(0, 8).Select(i => i * PerCase)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Whatever_the_order_the_promises_hold(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + PerCase; seed++)
        {
            using var world = new RandomWorld(seed);
            try
            {
                world.Run();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}\n{world.Trace}", exception);
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        string Trace(int seed)
        {
            using var world = new RandomWorld(seed);
            world.Run();
            return world.Trace;
        }

        for (var seed = 0; seed < 100; seed++)
            Trace(seed).ShouldBe(Trace(seed));
        Enumerable.Range(0, 100).Select(Trace).Distinct().Count().ShouldBeGreaterThan(95);
    }
}
