namespace Verb.TestKit.Simulation;

/// <summary>Runs many seeds, each on one thread, several side by side.</summary>
internal static class SimSeeds
{
    /// <summary>The results that are of interest: those with violations, in the order they were found.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="plants">What is broken on purpose.</param>
    /// <param name="jobs">How many at a time.</param>
    /// <param name="mostFailures">After so many it stops.</param>
    /// <param name="ran">Called after each run, by several threads.</param>
    public static IReadOnlyList<SimResult> Run(
        int from, int count, Func<SimPlants>? plants = null, int? jobs = null, int mostFailures = int.MaxValue, Action<SimResult>? ran = null)
    {
        var failures = new List<SimResult>();
        var next = -1;
        var threads = Enumerable.Range(0, Math.Min(count, jobs ?? Environment.ProcessorCount)).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return failures;

        void Work()
        {
            while (Found() < mostFailures && Interlocked.Increment(ref next) is var index && index < count)
            {
                var result = One(SimPlan.Of(from + index), plants?.Invoke());
                if (result.Violations.Count > 0)
                {
                    lock (failures)
                        failures.Add(result);
                }

                ran?.Invoke(result);
            }
        }

        int Found()
        {
            lock (failures)
                return failures.Count;
        }
    }

    /// <summary>One run; where the simulation itself breaks, that is a violation, too.</summary>
    public static SimResult One(SimPlan plan, SimPlants? plants = null, bool keepLines = false)
    {
        try
        {
            return SimRun.Of(plan, plants, keepLines);
        }
        catch (Exception exception)
        {
            return new SimResult(plan, [new Checking.Violation(Checking.ViolationKind.Failure, $"the run broke: {exception}")], 0, 0, 0, 0, 0, []);
        }
    }
}
