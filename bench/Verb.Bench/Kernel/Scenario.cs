namespace Verb.Bench.Kernel;

internal sealed record Scenario(string Name, bool HigherIsBetter, Func<IContender, double> Measure);
