namespace Verb.Server.Feeds;

/// <summary>A price that wanders: each step is at most <see cref="Swing"/> of it up or down, never below zero.</summary>
internal sealed class RandomWalk(decimal start, Random random)
{
    /// <summary>Of the price, so that dear and cheap symbols wander alike.</summary>
    public const decimal Swing = 0.003m;

    public decimal Price { get; private set; } = start;

    public decimal Change { get; private set; }

    public void Step()
    {
        var before = Price;
        Price = decimal.Round(before + before * Swing * (2 * (decimal)random.NextDouble() - 1), 2);
        Change = Price - before;
    }
}
