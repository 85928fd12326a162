using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>A topic's value.</summary>
/// <param name="Seq">Its number; it never falls for a subscriber.</param>
/// <param name="Body">Any JSON, the bytes that came; empty for a stock's.</param>
/// <param name="Stock">The quote of a stock symbol's topic; null for any other.</param>
/// <param name="Timestamp">When it was published, Unix milliseconds.</param>
internal sealed record TopicValue(long Seq, ReadOnlyMemory<byte> Body, StockQuote? Stock, long Timestamp)
{
    /// <summary>The value as subscribers are told it.</summary>
    public ServerEvent ToEvent(TopicName topic) => Stock is { } quote
        ? new ServerEvent.StockUpdate(StockTopic.Symbol(topic)!, quote.Price, quote.Change, Seq, Timestamp)
        : new ServerEvent.TopicUpdate(topic, Seq, Body, Timestamp);
}
