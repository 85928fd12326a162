using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

[Collection(nameof(BrowserTests))]
public sealed class StockBoardTests(DemoHub hub)
{
    [Fact]
    public async Task A_followed_stock_ticks()
    {
        await using var ada = await hub.EnterAsync("Ada", "board");

        await SeeTickAsync(Stock(ada, "AAPL"));

        await Assertions.Expect(Stock(ada, "AAPL").GetByTestId("stock-change")).ToHaveTextAsync(Signed());
    }

    [Fact]
    public async Task A_stock_that_is_not_followed_any_more_stands_still()
    {
        await using var ada = await hub.EnterAsync("Ada", "board");
        var apple = Stock(ada, "AAPL");
        await SeeTickAsync(apple);

        await apple.GetByTestId("stock-toggle").ClickAsync();
        await ada["log-toggle"].ClickAsync();
        await Assertions.Expect(Frames(ada, "unsubscribed").First).ToBeVisibleAsync();
        await ada["log-clear"].ClickAsync();
        var price = await apple.GetByTestId("stock-price").InnerTextAsync();
        await SeeTickAsync(Stock(ada, "GOOGL"));
        await SeeTickAsync(Stock(ada, "GOOGL"));

        (await apple.GetByTestId("stock-price").InnerTextAsync()).ShouldBe(price);
        await Assertions.Expect(apple.GetByTestId("stock-note")).ToHaveTextAsync("not followed");
        await Assertions.Expect(Frames(ada, "stock_update").Filter(new() { HasText = "GOOGL" }).First).ToBeVisibleAsync();
        await Assertions.Expect(Frames(ada, "stock_update").Filter(new() { HasText = "AAPL" })).ToHaveCountAsync(0);

        await apple.GetByTestId("stock-toggle").ClickAsync();
        await SeeTickAsync(apple);
    }

    [Fact]
    public async Task The_other_topics_show_their_last_value()
    {
        await using var ada = await hub.EnterAsync("Ada", "board");

        await Assertions.Expect(ada.Page.Locator("[data-topic=weather]").GetByTestId("topic-value")).ToContainTextAsync("temperature");
        await Assertions.Expect(ada.Page.Locator("[data-topic=news]").GetByTestId("topic-value")).ToContainTextAsync("headline");
    }

    private static ILocator Stock(Person person, string symbol) => person.Page.Locator($"[data-symbol={symbol}]");

    private static ILocator Frames(Person person, string type) => person.Page.Locator($"[data-testid=frame][data-type={type}]");

    private static async Task SeeTickAsync(ILocator stock)
    {
        var price = stock.GetByTestId("stock-price");
        await Assertions.Expect(price).ToHaveAttributeAsync("data-flash", Direction());
        await Assertions.Expect(price).Not.ToHaveTextAsync(await price.InnerTextAsync());
    }

    private static System.Text.RegularExpressions.Regex Direction() => new("^(up|down)$");

    private static System.Text.RegularExpressions.Regex Signed() => new(@"^[+-]\d+\.\d\d$");
}
