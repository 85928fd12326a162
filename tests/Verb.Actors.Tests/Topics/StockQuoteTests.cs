using System.Text;
using Verb.Actors.Topics;

namespace Verb.Actors.Tests.Topics;

public sealed class StockQuoteTests
{
    [Theory]
    [InlineData("""{"price":0}""", "0", "0")]
    [InlineData("""{"price":101.50,"change":-1.5e0}""", "101.50", "-1.5e0")]
    [InlineData("""{"price":-3,"change":null,"more":[1]}""", "-3", "0")]
    public void Numbers_are_kept_as_they_came(string body, string price, string change)
    {
        var quote = Read(body, null);
        Text(quote.Price).ShouldBe(price);
        Text(quote.Change).ShouldBe(change);
    }

    [Theory]
    [InlineData("100", "101.5", "1.5")]
    [InlineData("101.5", "100", "-1.5")]
    [InlineData("0.1", "0.3", "0.2")]
    [InlineData("5", "0", "-5")]
    [InlineData("0", "5", "5")]
    [InlineData("1e300", "1", "0")]
    [InlineData("1", "1e-40", "-1.0000000000000000000000000000")]
    public void A_change_that_did_not_come_is_computed(string before, string now, string change)
    {
        var previous = Read($$"""{"price":{{before}}}""", null);
        decimal.Parse(Text(Read($$"""{"price":{{now}}}""", previous).Change), System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(decimal.Parse(change, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("1", "price")]
    [InlineData("null", "price")]
    [InlineData("[]", "price")]
    [InlineData("{}", "price")]
    [InlineData("""{"price":"1"}""", "price")]
    [InlineData("""{"price":null}""", "price")]
    [InlineData("""{"price":1,"change":"2"}""", "change")]
    [InlineData("""{"price":1,"change":true}""", "change")]
    [InlineData("{price", "JSON")]
    [InlineData("", "JSON")]
    public void What_is_no_quote_is_refused_with_a_reason(string body, string named)
    {
        StockQuote.TryRead(Encoding.UTF8.GetBytes(body), null, out var problem).ShouldBeNull();
        problem.ShouldContain(named);
    }

    private static StockQuote Read(string body, StockQuote? previous) =>
        StockQuote.TryRead(Encoding.UTF8.GetBytes(body), previous, out _).ShouldNotBeNull();

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
