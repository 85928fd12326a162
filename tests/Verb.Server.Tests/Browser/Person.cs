using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

/// <summary>
/// Someone with the demo page open. Leaving fails the test where the browser had anything to complain about: an error in a script, a
/// violation of the content security policy, a resource that was not there.
/// </summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private Person(IBrowserContext context, IPage page, string name) => (_context, Page, Name) = (context, page, name);

    public IPage Page { get; }

    public string Name { get; }

    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>The line of the message with this text.</summary>
    public ILocator Message(string text) => Page.GetByTestId("message").Filter(new() { Has = Page.GetByText(text, new() { Exact = true }) });

    /// <summary>The lines of all messages, in the order they stand in.</summary>
    public ILocator Texts => this["message-text"];

    public ILocator Box => this["message-input"];

    public ILocator this[string testId] => Page.GetByTestId(testId);

    /// <summary>Opens the page.</summary>
    public static async Task<Person> OpenAsync(Chromium browser, Uri address, string name, string room, BrowserNewContextOptions? options = null)
    {
        var context = await browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        var person = new Person(context, page, name);
        page.Console += (_, line) => person.Heard(line);
        page.PageError += (_, error) => person.Complaints.Enqueue(error);
        await page.GotoAsync(new Uri(address, $"?name={name}&room={room}").ToString());
        return person;
    }

    /// <summary>Opens the page and waits until it stands in the room.</summary>
    public static async Task<Person> EnterAsync(Chromium browser, Uri address, string name, string room, BrowserNewContextOptions? options = null)
    {
        var person = await OpenAsync(browser, address, name, room, options);
        await person.Expect("connection").ToHaveAttributeAsync("data-state", "open");
        await person.Expect("conversation-title").ToHaveTextAsync($"# {room}");
        // The page lists its own user once it has been let in.
        await Assertions.Expect(person.Other($"{name} (you)")).ToBeVisibleAsync();
        return person;
    }

    /// <summary>Someone in the list of people.</summary>
    public ILocator Other(string name) => this["person"].Filter(new() { HasText = name });

    public ILocatorAssertions Expect(string testId) => Assertions.Expect(this[testId]);

    /// <summary>Types as people do, key by key, and sends with Enter.</summary>
    public async Task SayAsync(string text)
    {
        await Box.PressSequentiallyAsync(text);
        await Box.PressAsync("Enter");
    }

    /// <summary>The text of each message, in the order they stand in.</summary>
    public Task<IReadOnlyList<string>> ReadAsync() => Texts.AllInnerTextsAsync();

    /// <summary>Takes off the complaints that the test itself provoked.</summary>
    public void Forgive(string part)
    {
        var others = Complaints.Where(complaint => !complaint.Contains(part, StringComparison.Ordinal)).ToList();
        Complaints.Clear();
        others.ForEach(Complaints.Enqueue);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Complaints.ShouldBeEmpty($"{Name}'s browser complained.");
    }

    private void Heard(IConsoleMessage line)
    {
        if (line.Type is "error" or "warning")
            Complaints.Enqueue($"{line.Text} ({line.Location})");
    }
}
