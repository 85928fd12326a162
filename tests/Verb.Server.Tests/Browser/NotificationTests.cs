using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

[Collection(nameof(BrowserTests))]
public sealed class NotificationTests(DemoHub hub)
{
    [Fact]
    public async Task A_notification_shows_as_a_toast_a_count_and_a_notice()
    {
        await using var ada = await hub.EnterAsync("Ada", "desk");
        await using var ben = await hub.EnterAsync("Ben", "desk");
        await Assertions.Expect(ada.Other("Ben")).ToBeVisibleAsync();

        await NotifyAsync(ada, "Ben", "Your order is ready");

        await Assertions.Expect(ben["toast"].Filter(new() { HasText = "Your order is ready" })).ToBeVisibleAsync();
        await ben.Expect("notifications-count").ToHaveTextAsync("1");
        await ben["notifications-toggle"].ClickAsync();
        await ben.Expect("notice-text").ToHaveTextAsync("Your order is ready");
        await ben.Expect("notifications-count").ToBeHiddenAsync();
        await Assertions.Expect(ada["notice"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_broadcast_reaches_everyone()
    {
        await using var ada = await hub.EnterAsync("Ada", "square");
        await using var ben = await hub.EnterAsync("Ben", "square");

        await NotifyAsync(ada, "Everyone (broadcast)", "We close at nine");

        await Assertions.Expect(ada["toast"].Filter(new() { HasText = "We close at nine" })).ToBeVisibleAsync();
        await Assertions.Expect(ben["toast"].Filter(new() { HasText = "We close at nine" })).ToBeVisibleAsync();
    }

    private static async Task NotifyAsync(Person sender, string to, string text)
    {
        await sender["notifications-toggle"].ClickAsync();
        await sender["notify-to"].SelectOptionAsync(new SelectOptionValue { Label = to });
        await sender["notify-text"].FillAsync(text);
        await sender["notify-button"].ClickAsync();
        await sender.Expect("notify-result").ToHaveTextAsync("Sent.");
    }
}
