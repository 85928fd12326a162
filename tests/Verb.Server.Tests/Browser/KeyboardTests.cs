using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

[Collection(nameof(BrowserTests))]
public sealed class KeyboardTests(DemoHub hub)
{
    private const int Stops = 80;

    [Fact]
    public async Task Everything_is_reached_without_a_mouse()
    {
        await using var ada = await hub.EnterAsync("Ada", "keys");

        await ReachAsync(ada, "skip-link", "Shift+Tab");
        await ada.Expect("skip-link").ToBeInViewportAsync();
        await ada.Page.Keyboard.PressAsync("Enter");
        await ada.Expect("message-input").ToBeFocusedAsync();

        await ReachAsync(ada, "join-room", "Shift+Tab");
        await ada.Page.Keyboard.TypeAsync("more keys");
        await ada.Page.Keyboard.PressAsync("Enter");
        await ada.Expect("conversation-title").ToHaveTextAsync("# more keys");
        await ada.Expect("message-input").ToBeFocusedAsync();

        await ada.Page.Keyboard.TypeAsync("First line");
        await ada.Page.Keyboard.PressAsync("Shift+Enter");
        await ada.Page.Keyboard.TypeAsync("second line");
        await ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(ada["message"]).ToHaveAttributeAsync("data-status", "sent");
        (await ada.ReadAsync()).ShouldBe(["First line\nsecond line"]);

        await ReachAsync(ada, "stock-toggle", "Tab");
        await ada.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(ada["stock-toggle"].First).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Theory]
    [InlineData("notifications-toggle", "notifications")]
    [InlineData("log-toggle", "event-log")]
    [InlineData("settings-toggle", "settings")]
    public async Task Escape_closes_what_a_button_opened_and_gives_the_focus_back(string toggle, string panel)
    {
        await using var ada = await hub.EnterAsync("Ada", "escape");

        await ReachAsync(ada, toggle, "Shift+Tab");
        await ada.Page.Keyboard.PressAsync("Enter");
        await ada.Expect(panel).ToBeVisibleAsync();
        await Assertions.Expect(ada[panel].Locator(":focus")).ToHaveCountAsync(1);
        await ada.Page.Keyboard.PressAsync("Escape");

        await ada.Expect(panel).ToBeHiddenAsync();
        await ada.Expect(toggle).ToBeFocusedAsync();
    }

    /// <summary>Walks from stop to stop until the focus is there.</summary>
    private static async Task ReachAsync(Person person, string testId, string key)
    {
        for (var stop = 0; stop < Stops; stop++)
        {
            await person.Page.Keyboard.PressAsync(key);
            if (await person.Page.EvaluateAsync<string?>("() => document.activeElement?.dataset.testid ?? null") == testId)
                return;
        }

        throw new InvalidOperationException($"{Stops} times {key} did not reach '{testId}'.");
    }
}
