using System.Net.Http.Json;
using Microsoft.Playwright;
using Verb.Server.Testing.Processes;

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

    [Fact]
    public async Task A_topic_of_several_symbols_shows_each()
    {
        await using var ada = await hub.EnterAsync("Ada", "board");

        await Assertions.Expect(ada.Page.Locator("[data-topic=crypto] .topic-line")).ToContainTextAsync(["BTC", "ETH"]);
    }

    [Fact]
    public async Task Stocks_are_shown_once_the_hub_offers_one()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder, "--Verb:ApiKey=key");
        await using var ada = await Person.EnterAsync(hub.Browser, server.Address, "Ada", "board");
        await ada["log-toggle"].ClickAsync();
        await Assertions.Expect(Frames(ada, "topics").First).ToBeVisibleAsync();
        await ada.Expect("stocks-card").ToBeHiddenAsync();
        await ada.Expect("topics-empty").ToBeVisibleAsync();

        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Api-Key", "key" } } };
        using var answer = await http.PostAsJsonAsync(new Uri(server.Address, "/api/topics/stocks/ACME"), new { price = 0 });
        answer.EnsureSuccessStatusCode();

        await ada.Expect("stocks-card").ToBeVisibleAsync();
        await Assertions.Expect(Stock(ada, "ACME").GetByTestId("stock-price")).ToHaveTextAsync("0.00");
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
