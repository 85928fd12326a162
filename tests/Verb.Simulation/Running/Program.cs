using System.Diagnostics;
using Verb.TestKit.Checking;
using Verb.TestKit.Simulation;

namespace Verb.Simulation.Running;

/// <summary>What <c>simulate.sh</c> runs.</summary>
internal static class Program
{
    private const int MostFailures = 3;
    private const int LinesPrinted = 120;

    private static int Main(string[] arguments)
    {
        var (options, error) = SimulateOptions.Read(arguments);
        if (options is null)
        {
            Console.Error.WriteLine($"simulate.sh: {error}");
            Console.Error.WriteLine(SimulateOptions.Usage);
            return 2;
        }

        return Run(options);
    }

    private static int Run(SimulateOptions options)
    {
        var watch = Stopwatch.StartNew();
        var (ran, acknowledged, moves, steps) = (0, 0L, 0L, 0L);
        var hash = 0UL;
        var gate = new Lock();
        var printed = TimeSpan.Zero;
        var failures = SimSeeds.Run(options.From, options.Seeds, jobs: options.Jobs, mostFailures: MostFailures, ran: result =>
        {
            lock (gate)
            {
                ran++;
                acknowledged += result.Acknowledged;
                moves += result.OwnerChanges;
                steps += result.Steps;
                hash += result.Hash * (ulong)(result.Plan.Seed + 1);
                if (result.Violations.Count > 0)
                    Console.WriteLine($"seed {result.Plan.Seed}: {result.Violations[0]}");
                if (watch.Elapsed - printed < TimeSpan.FromSeconds(10))
                    return;
                printed = watch.Elapsed;
                Console.WriteLine($"{ran} of {options.Seeds} seeds, {ran / watch.Elapsed.TotalSeconds:F1} a second");
            }
        });
        foreach (var failure in failures)
            Explain(failure, options.Trace);
        Console.WriteLine(
            $"{ran} seeds from {options.From} in {watch.Elapsed.TotalSeconds:F0} s: {acknowledged} acknowledged messages, {moves} changes of owner, "
            + $"{steps} steps, trace {hash:x16}, {failures.Count} failed");
        return failures.Count == 0 ? 0 : 1;
    }

    private static void Explain(SimResult failure, string? file)
    {
        Console.WriteLine($"Looking for the shortest run of seed {failure.Plan.Seed} that fails");
        var wanted = Likeness(failure.Violations[0]);
        var plan = SimShrinker.Shrink(failure.Plan, smaller => SimSeeds.One(smaller).Violations.Any(violation => Likeness(violation) == wanted));
        var shortest = SimSeeds.One(plan, keepLines: true);
        Console.WriteLine(plan);
        foreach (var step in plan.Steps)
            Console.WriteLine($"  {step}");
        foreach (var violation in shortest.Violations)
            Console.WriteLine($"  {violation}");
        if (file is not null)
            File.WriteAllLines(file, shortest.Lines);
        else
            Console.WriteLine(string.Join('\n', shortest.Lines.TakeLast(LinesPrinted)));
        Console.WriteLine($"Seed {failure.Plan.Seed} fails, trace {failure.Hash:x16}: ./simulate.sh --seeds 1 --from {failure.Plan.Seed}");
    }

    /// <summary>The violation without what differs between two that are of the same kind: names and numbers.</summary>
    private static string Likeness(Violation violation)
    {
        var words = violation.Text.Split([' ', ';', ':'], 8).Take(7).Where(word => !word.Any(char.IsAsciiDigit));
        return $"{violation.Kind} {string.Join(' ', words)}";
    }
}
