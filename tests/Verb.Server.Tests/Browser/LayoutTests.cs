using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

/// <summary>What stands where, on screens of several sizes.</summary>
[Collection(nameof(BrowserTests))]
public sealed class LayoutTests(DemoHub hub)
{
    private const string LongName = "a-room-whose-name-is-longer-than-any-sidebar-has-space-for-0123456789";

    [Theory]
    [InlineData(375, 667)]
    [InlineData(390, 800)]
    public async Task A_phone_opens_at_the_top_with_the_message_box_in_sight(int width, int height)
    {
        await using var ada = await EnterAsync("pocket", width, height, isPhone: true);

        (await ada.Page.EvaluateAsync<double>("() => scrollY")).ShouldBe(0);
        (await Box(ada["settings-toggle"])).Y.ShouldBeGreaterThan(0);
        (await Bottom(ada["composer"])).ShouldBeLessThanOrEqualTo(height);
        await Assertions.Expect(ada.Box).Not.ToBeFocusedAsync();
        (await Overflow(ada, "html")).ShouldBeLessThanOrEqualTo(0);

        await ada["topics"].ScrollIntoViewIfNeededAsync();
        await ada.Expect("topics").ToBeInViewportAsync();
    }

    [Theory]
    [InlineData(1280, 800, false)]
    [InlineData(375, 667, true)]
    public async Task A_long_name_of_a_room_is_cut_and_breaks_nothing(int width, int height, bool isPhone)
    {
        await using var ada = await EnterAsync("short", width, height, isPhone);

        await ada["join-room"].FillAsync(LongName);
        await ada["join-button"].ClickAsync();
        await ada.Expect("conversation-title").ToHaveTextAsync($"# {LongName}");

        (await Overflow(ada, ".side")).ShouldBeLessThanOrEqualTo(0);
        (await Overflow(ada, "html")).ShouldBeLessThanOrEqualTo(0);
        (await Bottom(ada["composer"])).ShouldBeLessThanOrEqualTo(height);
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(1440, 700)]
    public async Task Notifications_and_the_event_log_stand_beside_each_other(int width, int height)
    {
        await using var ada = await EnterAsync("desk", width, height);

        await ada["notifications-toggle"].ClickAsync();
        await ada.Page.GetByText("API key", new() { Exact = true }).ClickAsync();
        await ada["log-toggle"].ClickAsync();

        (await Bottom(ada["notifications"])).ShouldBeLessThanOrEqualTo((await Box(ada["event-log"])).Y);
        await ada["log-close"].ClickAsync();
        await ada.Expect("event-log").ToBeHiddenAsync();
        await ada.Expect("notifications").ToBeVisibleAsync();
    }

    private Task<Person> EnterAsync(string room, int width, int height, bool isPhone = false) => Person.EnterAsync(
        hub.Browser, hub.Server.Address, "Ada", room, new() { ViewportSize = new() { Width = width, Height = height }, IsMobile = isPhone, HasTouch = isPhone });

    private static async Task<LocatorBoundingBoxResult> Box(ILocator locator) => (await locator.BoundingBoxAsync()).ShouldNotBeNull();

    private static async Task<double> Bottom(ILocator locator) => await Box(locator) is var box ? box.Y + box.Height : 0;

    /// <summary>By how much what is inside is wider.</summary>
    private static Task<double> Overflow(Person person, string selector) =>
        person.Page.Locator(selector).EvaluateAsync<double>("element => element.scrollWidth - element.clientWidth");
}
