using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

[Collection(nameof(BrowserTests))]
public sealed class PrivateMessageTests(DemoHub hub)
{
    [Fact]
    public async Task Who_is_written_to_privately_sees_it_counted_and_answers()
    {
        await using var ada = await hub.EnterAsync("Ada", "corner");
        await using var ben = await hub.EnterAsync("Ben", "corner");
        await using var eve = await hub.EnterAsync("Eve", "corner");

        await ada.Other("Ben").ClickAsync();
        await ada.Expect("conversation-title").ToHaveTextAsync("Ben");
        await ada.SayAsync("Between us");
        await Assertions.Expect(ada.Message("Between us")).ToHaveAttributeAsync("data-status", "sent");

        await ben.Expect("private-item").ToContainTextAsync("Ada");
        await ben.Expect("unread").ToHaveTextAsync("1");
        await ben["private-item"].ClickAsync();
        await Assertions.Expect(ben["unread"]).ToHaveCountAsync(0);
        await Assertions.Expect(ben.Texts).ToHaveTextAsync(["Between us"]);
        await ben.SayAsync("Nobody else");
        await Assertions.Expect(ada.Texts).ToHaveTextAsync(["Between us", "Nobody else"]);

        // What Eve is told in the room after it comes behind anything that had leaked to her.
        await hub.PostAsync("corner", "In the open");
        await Assertions.Expect(eve.Texts).ToHaveTextAsync(["In the open"]);
        await Assertions.Expect(eve["private-item"]).ToHaveCountAsync(0);
    }
}
