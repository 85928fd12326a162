using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary>The server is killed and started again under open pages.</summary>
[Collection(nameof(BrowserTests))]
public sealed class RestartTests(DemoHub hub) : IDisposable
{
    private const string Room = "phoenix";

    private readonly ServerFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_message_stands_once_and_in_order_after_a_kill_and_a_restart()
    {
        await using var first = await ServerProcess.StartAsync(_folder, DemoHub.Development);
        await using var ada = await Person.EnterAsync(hub.Browser, first.Address, "Ada", Room);
        await using var ben = await Person.EnterAsync(hub.Browser, first.Address, "Ben", Room);
        await ada.SayAsync("a1");
        await Assertions.Expect(ben.Message("a1")).ToBeVisibleAsync();
        await ben.SayAsync("b1");
        await Assertions.Expect(ada.Message("b1")).ToBeVisibleAsync();

        await first.KillAsync();
        await SayWhileAwayAsync(ada, "a2");
        await SayWhileAwayAsync(ben, "b2");
        await SpeakElsewhereAsync("c1");
        await using var second = await ServerProcess.StartAsync(_folder, DemoHub.Development, first.Urls);
        await ComeBackAsync(ada);
        await ComeBackAsync(ben);

        foreach (var person in new[] { ada, ben })
        {
            await Assertions.Expect(person.Texts).ToHaveCountAsync(5);
            await Assertions.Expect(person["message"].And(person.Page.Locator(":not([data-status=sent])"))).ToHaveCountAsync(0);
            await Assertions.Expect(person["note"].Filter(new() { HasText = "Back again:" })).ToHaveCountAsync(1);
        }

        var kept = await HistoryAsync(second);
        kept.Take(3).ShouldBe(["a1", "b1", "c1"]);
        kept.Skip(3).ShouldBe(["a2", "b2"], ignoreOrder: true);
        (await ada.ReadAsync()).ShouldBe(kept);
        (await ben.ReadAsync()).ShouldBe(kept);

        await ada.SayAsync("a3");
        await Assertions.Expect(ben.Message("a3")).ToBeVisibleAsync();
        Forgive(ada, ben);
    }

    [Fact]
    public async Task What_is_followed_ticks_again_and_the_people_are_the_same()
    {
        await using var first = await ServerProcess.StartAsync(_folder, DemoHub.Development);
        await using var ada = await Person.EnterAsync(hub.Browser, first.Address, "Ada", Room);
        await using var ben = await Person.EnterAsync(hub.Browser, first.Address, "Ben", Room);
        await Assertions.Expect(ada.Other("Ben")).ToBeVisibleAsync();
        var bensId = await ada.Other("Ben").GetAttributeAsync("data-id");

        await first.KillAsync();
        await ada.Expect("banner").ToBeVisibleAsync();
        await using var second = await ServerProcess.StartAsync(_folder, DemoHub.Development, first.Urls);
        await ComeBackAsync(ben);
        await ComeBackAsync(ada);

        await Assertions.Expect(ada.Other("Ben")).ToHaveAttributeAsync("data-id", bensId!);
        await ada.Expect("people-count").ToHaveTextAsync("2");
        var price = ada["stock-price"].First;
        await Assertions.Expect(price).Not.ToHaveTextAsync(await price.InnerTextAsync());
        Forgive(ada, ben);
    }

    [Fact]
    public async Task A_hub_that_shuts_down_says_so_once()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Drain:Grace=60s");
        await using var ada = await Person.EnterAsync(hub.Browser, server.Address, "Ada", Room);

        server.Send(Signal.Terminate);

        await ada.Expect("connection-text").ToHaveTextAsync("Closing");
        await ada.Expect("connection").ToHaveAttributeAsync("data-state", "draining");
        await ada.Expect("banner-title").ToHaveTextAsync("The server is shutting down.");
        await ada.Expect("banner-detail").ToHaveTextAsync("This page comes back by itself.");
    }

    private static async Task SayWhileAwayAsync(Person person, string text)
    {
        await person.Expect("banner").ToBeVisibleAsync();
        await Assertions.Expect(person["connection"]).Not.ToHaveAttributeAsync("data-state", "open");
        await person.SayAsync(text);
        await Assertions.Expect(person.Message(text)).ToHaveAttributeAsync("data-status", "pending");
    }

    /// <summary>A server on another port speaks for someone while the pages cannot hear it.</summary>
    private async Task SpeakElsewhereAsync(string text)
    {
        await using var server = await ServerProcess.StartAsync(_folder, DemoHub.Development);
        using var answer = await _http.PostAsJsonAsync(new Uri(server.Address, $"/api/rooms/{Room}/messages"), new { message = text });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Presses the banner's button, which a page that has come back by itself in this moment hides.</summary>
    private static async Task ComeBackAsync(Person person)
    {
        await person["banner-action"].DispatchEventAsync("click");
        await person.Expect("connection").ToHaveAttributeAsync("data-state", "open");
        await person.Expect("banner").ToBeHiddenAsync();
    }

    private async Task<IReadOnlyList<string>> HistoryAsync(ServerProcess server)
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>(new Uri(server.Address, $"/api/rooms/{Room}/messages"));
        return [.. answer.GetProperty("data").GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("message").GetString()!)];
    }

    /// <summary>The browser itself reports each try that found nobody listening.</summary>
    private static void Forgive(params Person[] people)
    {
        foreach (var person in people)
            person.Forgive("ERR_CONNECTION_REFUSED");
    }
}
