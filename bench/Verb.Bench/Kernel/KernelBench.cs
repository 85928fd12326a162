using System.Globalization;

namespace Verb.Bench.Kernel;

/// <summary>Measures all contenders in turns, so that a noisy machine is noisy for all of them, and prints the medians.</summary>
internal static class KernelBench
{
    private static readonly Func<IContender>[] Contenders = [() => new ActorContender(), () => new ChannelContender(), () => new ActionBlockContender()];

    public static async Task<int> Run(string[] args)
    {
        var rounds = 7;
        if (args.Length > 0 && (!int.TryParse(args[0], CultureInfo.InvariantCulture, out rounds) || rounds < 1))
        {
            await Console.Error.WriteLineAsync($"Rounds: '{args[0]}' is not a positive number.");
            return 2;
        }

        Console.WriteLine($"Medians of {rounds} rounds, bound {Scenarios.Bound}; in brackets how many times better Akka.NET is.\n");
        Console.WriteLine("| | Akka.NET | channel + loop | action block |\n| --- | --- | --- | --- |");
        foreach (var scenario in Scenarios.All)
            Console.WriteLine(Row(scenario, await Measure(scenario, rounds)));
        return 0;
    }

    private static async Task<double[]> Measure(Scenario scenario, int rounds)
    {
        var figures = Contenders.Select(_ => new List<double>()).ToArray();

        // The first round only warms up.
        for (var round = -1; round < rounds; round++)
        {
            for (var turn = 0; turn < Contenders.Length; turn++)
            {
                var index = (turn + round + 1) % Contenders.Length;
                await using var contender = Contenders[index]();
                GC.Collect();
                var figure = scenario.Measure(contender);
                if (round >= 0)
                    figures[index].Add(figure);
            }
        }

        return [.. figures.Select(Median)];
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Row(Scenario scenario, double[] medians)
    {
        var cells = medians.Select((median, index) => index == 0
            ? Text(median)
            : $"{Text(median)} ({Text(scenario.HigherIsBetter ? medians[0] / median : median / medians[0])})");
        return $"| {scenario.Name} | {string.Join(" | ", cells)} |";
    }

    private static string Text(double value) => value.ToString(value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
