namespace Verb.Contracts;

/// <summary>The topics <c>stocks/SYMBOL</c>: their values are prices and go out as <c>stock_update</c>.</summary>
public static class StockTopic
{
    /// <summary>What the name of a stock symbol's topic begins with.</summary>
    public const string Prefix = "stocks/";

    /// <summary>The symbol of a stock topic, or null for any other topic.</summary>
    public static string? Symbol(TopicName topic) =>
        topic.Value.Length > Prefix.Length && topic.Value.StartsWith(Prefix, StringComparison.Ordinal) ? topic.Value[Prefix.Length..] : null;
}
