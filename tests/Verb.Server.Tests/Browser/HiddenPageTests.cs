using Microsoft.Playwright;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary>A page in a tab behind another one, whose timers Chromium throttles, and one that it freezes. The hub's short heartbeat is the client's, too.</summary>
[Collection(nameof(BrowserTests))]
public sealed class HiddenPageTests(DemoHub hub) : IDisposable
{
    private const string State = "document.getElementById('connection')?.dataset.state";
    private const string Room = "backstage";

    /// <summary>Counts how often a chain of timers runs: of a hidden page once a minute.</summary>
    private const string Chain = """
        globalThis.chained = 0; (function next() { chained++; setTimeout(next, 100); })();
        """;

    /// <summary>So many pings take longer than the client waits in silence.</summary>
    private const int Several = 5;

    private static readonly string[] QuickHeartbeat =
    [
        "--Verb:Socket:PingInterval=2400ms", "--Verb:Socket:PingTimeout=3s", "--Verb:Rooms:0:Match=*", "--Verb:Rooms:0:LeaveGrace=60s",
    ];

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hidden_page_whose_timers_hardly_run_keeps_its_connection_and_nobody_sees_it_leave()
    {
        await using var server = await ServerProcess.StartAsync(_folder, QuickHeartbeat);
        await using var browser = await TabbedChromium.LaunchAsync();
        await using var ben = await Person.EnterAsync(hub.Browser, server.Address, "Ben", Room);
        var ada = await OpenHiddenAsync(browser, server, ben);

        var pings = ada.Pings;
        await Eventually.Be(() => Task.FromResult(ada.Pings), now => now >= pings + Several);
        await ben.SayAsync("Still there?");
        await HearAsync(ada, "Still there?");
        var before = ada.Pings;
        await ada.ShowAsync();
        await Eventually.Be(() => Task.FromResult(ada.Pings), now => now > before);

        ada.Sockets.ShouldBe(1);
        await ben.Expect("note").ToHaveTextAsync(["Ada joined."]);
    }

    [Fact]
    public async Task Nobody_sees_a_frozen_page_leave_and_what_was_said_meanwhile_is_there_when_it_wakes()
    {
        await using var server = await ServerProcess.StartAsync(_folder, QuickHeartbeat);
        await using var browser = await TabbedChromium.LaunchAsync();
        await using var ben = await Person.EnterAsync(hub.Browser, server.Address, "Ben", Room);
        var ada = await OpenHiddenAsync(browser, server, ben);

        for (var times = 1; times <= 2; times++)
        {
            await ada.FreezeAsync();
            var pings = ada.Pings;
            await PingsOf(ben, Several);
            await ben.SayAsync($"Frozen {times} times");
            ada.Pings.ShouldBeLessThanOrEqualTo(pings + 1);
            await ada.ThawAsync();
            await HearAsync(ada, $"Frozen {times} times");
            await Eventually.Be(() => Task.FromResult(ada.Pings), now => now > pings);
        }

        // Chromium itself takes the socket of a page that it freezes.
        ada.Sockets.ShouldBeLessThanOrEqualTo(3);
        await ben.Expect("note").ToHaveTextAsync(["Ada joined."]);
    }

    [Fact]
    public async Task A_hidden_page_notices_a_hub_that_has_gone_silent_and_comes_back_by_itself()
    {
        await using var server = await ServerProcess.StartAsync(_folder, QuickHeartbeat);
        await using var browser = await TabbedChromium.LaunchAsync();
        await using var ben = await Person.EnterAsync(hub.Browser, server.Address, "Ben", Room);
        var ada = await OpenHiddenAsync(browser, server, ben);

        server.Send(Signal.Stop);
        await ada.EventuallyAsync<string>(State, state => state != "open");
        server.Send(Signal.Continue);

        await ada.EventuallyAsync<string>(State, state => state == "open");
        (await ada.EvaluateAsync<bool>("document.hidden")).ShouldBeTrue();
    }

    /// <summary>Opens Ada's page, and another tab before it; waits until what Chromium does with hidden pages can be seen.</summary>
    private static async Task<Tab> OpenHiddenAsync(TabbedChromium browser, ServerProcess server, Person ben)
    {
        var ada = await browser.OpenAsync(new Uri(server.Address, $"?name=Ada&room={Room}"));
        await ada.EventuallyAsync<string>(State, state => state == "open");
        await Assertions.Expect(ben.Other("Ada")).ToBeVisibleAsync();
        await browser.OpenAsync(new Uri("about:blank"));
        await ada.EventuallyAsync<bool>("document.hidden", hidden => hidden);
        await ada.EvaluateAsync<object>(Chain);
        while (true)
        {
            var (chained, pings) = (await ada.EvaluateAsync<int>("chained"), ada.Pings);
            await Eventually.Be(() => Task.FromResult(ada.Pings), now => now >= pings + 2);
            if (await ada.EvaluateAsync<int>("chained") == chained)
                return ada;
        }
    }

    private static Task<string> HearAsync(Tab tab, string text) => tab.EventuallyAsync<string>(
        "document.getElementById('messages').textContent", messages => messages.Contains(text, StringComparison.Ordinal));

    /// <summary>Time passes: a page that is looked at sends so many pings.</summary>
    private static async Task PingsOf(Person person, int count)
    {
        var sent = person["frame"].And(person.Page.Locator(".out[data-type=ping]"));
        var before = await sent.CountAsync();
        await Eventually.Be(() => sent.CountAsync(), now => now >= before + count);
    }
}
