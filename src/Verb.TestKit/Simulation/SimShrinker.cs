namespace Verb.TestKit.Simulation;

/// <summary>Cuts a plan that fails down to as little as still fails: fewer faults, fewer clients, fewer steps, less time.</summary>
internal static class SimShrinker
{
    /// <summary>The smallest plan found, within so many runs.</summary>
    /// <param name="plan">A plan that fails.</param>
    /// <param name="fails">Runs a plan: whether it fails.</param>
    /// <param name="mostRuns">How often to try.</param>
    public static SimPlan Shrink(SimPlan plan, Func<SimPlan, bool> fails, int mostRuns = 300)
    {
        var runs = 0;
        bool Try(SimPlan smaller)
        {
            if (++runs > mostRuns || !fails(smaller))
                return false;
            plan = smaller;
            return true;
        }

        for (var before = (SimPlan?)null; before != plan && runs <= mostRuns;)
        {
            before = plan;
            foreach (var fault in plan.Faults)
                Try(plan with { Faults = [.. plan.Faults.Where(kept => kept != fault)] });
            foreach (var client in Enumerable.Range(0, plan.Users.Count).Reverse())
                Try(plan with { Steps = [.. plan.Steps.Where(step => step.Client != client)] });
            for (var part = Math.Max(1, plan.Steps.Count / 2); part >= 1; part /= 2)
            {
                for (var start = 0; start < plan.Steps.Count && runs <= mostRuns;)
                {
                    if (!Try(plan with { Steps = [.. plan.Steps.Take(start), .. plan.Steps.Skip(start + part)] }))
                        start += part;
                }
            }

            foreach (var fault in plan.Faults.Where(fault => fault.Steps > 0))
                Try(plan with { Faults = [.. plan.Faults.Select(kept => kept == fault ? kept with { Steps = 0 } : kept)] });
            if (plan.Lasts > 1000)
                Try(plan with { Lasts = plan.Lasts / 2 });
        }

        return plan;
    }
}
