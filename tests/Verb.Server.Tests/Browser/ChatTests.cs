using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

[Collection(nameof(BrowserTests))]
public sealed class ChatTests(DemoHub hub)
{
    [Fact]
    public async Task Two_windows_chat_and_see_each_other_typing()
    {
        await using var ada = await hub.EnterAsync("Ada", "tea");
        await using var ben = await hub.EnterAsync("Ben", "tea");

        var seen = ben.Expect("typing").ToHaveTextAsync("Ada is typing…");
        await ada.Box.PressSequentiallyAsync("Hello Ben");
        await seen;
        await ada.Box.PressAsync("Enter");

        await Assertions.Expect(ben.Message("Hello Ben")).ToBeVisibleAsync();
        await Assertions.Expect(ben.Message("Hello Ben").GetByTestId("author")).ToHaveTextAsync("Ada");
        await Assertions.Expect(ada.Message("Hello Ben")).ToHaveAttributeAsync("data-status", "sent");
        await ben.Expect("typing").ToHaveTextAsync("");

        await ben.SayAsync("Hello Ada");
        await Assertions.Expect(ada.Message("Hello Ada")).ToBeVisibleAsync();
        (await ada.ReadAsync()).ShouldBe(["Hello Ben", "Hello Ada"]);
        (await ben.ReadAsync()).ShouldBe(["Hello Ben", "Hello Ada"]);
    }

    [Fact]
    public async Task The_people_of_a_room_are_shown_as_they_come_and_go()
    {
        await using var ada = await hub.EnterAsync("Ada", "door");
        await ada.Expect("people-count").ToHaveTextAsync("1");
        await using (await hub.EnterAsync("Ben", "door"))
        {
            await Assertions.Expect(ada.Other("Ben")).ToBeVisibleAsync();
            await ada.Expect("people-count").ToHaveTextAsync("2");
        }

        await Assertions.Expect(ada.Other("Ben")).ToHaveCountAsync(0);
        await Assertions.Expect(ada["note"].Filter(new() { HasText = "Ben left." })).ToBeVisibleAsync();
        await ada.Expect("people-count").ToHaveTextAsync("1");
    }

    [Fact]
    public async Task A_newcomer_reads_what_was_said_before()
    {
        await using var ada = await hub.EnterAsync("Ada", "library");
        await ada.SayAsync("one");
        await ada.SayAsync("two");
        await Assertions.Expect(ada.Message("two")).ToHaveAttributeAsync("data-status", "sent");

        await using var ben = await hub.EnterAsync("Ben", "library");

        await Assertions.Expect(ben.Texts).ToHaveTextAsync(["one", "two"]);
        await Assertions.Expect(ben["unread"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_reload_keeps_who_one_is_and_where()
    {
        await using var ada = await hub.EnterAsync("Ada", "attic");
        await ada.SayAsync("Still me");
        await Assertions.Expect(ada.Message("Still me")).ToHaveAttributeAsync("data-status", "sent");
        var me = await ada.Other("Ada (you)").GetAttributeAsync("data-id");

        await ada.Page.ReloadAsync();

        await Assertions.Expect(ada.Other("Ada (you)")).ToHaveAttributeAsync("data-id", me!);
        await Assertions.Expect(ada.Message("Still me").GetByTestId("author")).ToHaveTextAsync("Ada (you)");
        await ada.Expect("people-count").ToHaveTextAsync("1");
    }

    [Fact]
    public async Task What_is_said_in_a_room_that_is_not_looked_at_is_counted()
    {
        await using var ada = await hub.EnterAsync("Ada", "here");
        await using var ben = await hub.EnterAsync("Ben", "here");
        await ben["join-room"].FillAsync("there");
        await ben["join-button"].ClickAsync();
        await ben.Expect("conversation-title").ToHaveTextAsync("# there");
        var here = ben["room-item"].And(ben.Page.Locator("[data-id=here]"));

        await ada.SayAsync("one");
        await ada.SayAsync("two");

        await Assertions.Expect(here.GetByTestId("unread")).ToHaveTextAsync("2");
        await here.ClickAsync();
        await Assertions.Expect(ben.Texts).ToHaveTextAsync(["one", "two"]);
        await Assertions.Expect(here.GetByTestId("unread")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_new_name_is_seen_by_the_others()
    {
        await using var ada = await hub.EnterAsync("Ada", "stage");
        await using var ben = await hub.EnterAsync("Ben", "stage");

        await ada["settings-toggle"].ClickAsync();
        await ada["name-input"].FillAsync("Augusta");
        await ada["settings-save"].ClickAsync();
        await ada.Expect("me").ToHaveTextAsync("Augusta");
        await ada.SayAsync("Renamed");

        await Assertions.Expect(ben.Message("Renamed").GetByTestId("author")).ToHaveTextAsync("Augusta");
        await Assertions.Expect(ben.Other("Augusta")).ToBeVisibleAsync();
    }
}
