using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Verb.Actors.Topics;

/// <summary>What may be published to a stock symbol's topic: <c>{price, change?}</c>, both numbers, kept as they came. Pure.</summary>
/// <param name="Price">The price, a JSON number.</param>
/// <param name="Change">Against the price before, a JSON number; computed where none came.</param>
internal sealed record StockQuote(ReadOnlyMemory<byte> Price, ReadOnlyMemory<byte> Change)
{
    /// <summary>Reads a quote; null, with what is wrong, where it is none.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="previous">The quote before, for the change where none came.</param>
    /// <param name="problem">What is wrong.</param>
    public static StockQuote? TryRead(ReadOnlyMemory<byte> body, StockQuote? previous, out string problem)
    {
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(body);
            return TryRead(document.RootElement, previous, out problem);
        }
        catch (JsonException)
        {
            problem = "The field 'data' is not JSON.";
            return null;
        }
    }

    private static StockQuote? TryRead(JsonElement root, StockQuote? previous, out string problem)
    {
        problem = "";
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("price", out var price) || price.ValueKind != JsonValueKind.Number)
        {
            problem = "The field 'data' must be an object {price, change?} with the number 'price'.";
            return null;
        }

        var priceBytes = Encoding.UTF8.GetBytes(price.GetRawText());
        if (!root.TryGetProperty("change", out var change) || change.ValueKind == JsonValueKind.Null)
            return new StockQuote(priceBytes, Difference(priceBytes, previous));
        if (change.ValueKind == JsonValueKind.Number)
            return new StockQuote(priceBytes, Encoding.UTF8.GetBytes(change.GetRawText()));
        problem = "In the field 'data': 'change' must be a number.";
        return null;
    }

    private static byte[] Difference(ReadOnlyMemory<byte> price, StockQuote? previous)
    {
        var difference = previous is not null && Number(price) is { } now && Number(previous.Price) is { } before ? now - before : 0m;
        return Encoding.UTF8.GetBytes(difference.ToString(CultureInfo.InvariantCulture));
    }

    private static decimal? Number(ReadOnlyMemory<byte> json) =>
        decimal.TryParse(json.Span, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e27m ? number : null;
}
