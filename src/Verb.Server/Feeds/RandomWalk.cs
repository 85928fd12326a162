namespace Verb.Server.Feeds;

/// <summary>A price that wanders: each step is at most half of <c>swing</c> up or down, never below zero.</summary>
internal sealed class RandomWalk(decimal start, decimal swing, Random random)
{
    public decimal Price { get; private set; } = start;

    public decimal Change { get; private set; }

    public void Step()
    {
        var before = Price;
        Price = Math.Max(0, decimal.Round(before + ((decimal)random.NextDouble() - 0.5m) * swing, 2));
        Change = Price - before;
    }
}
