using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

/// <summary>What people write is text, whatever it looks like.</summary>
[Collection(nameof(BrowserTests))]
public sealed class HostileMessageTests(DemoHub hub)
{
    private const string Markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

    [Fact]
    public async Task Markup_in_a_message_stays_text()
    {
        await using var ada = await hub.EnterAsync("Ada", "wild");
        await using var ben = await hub.EnterAsync("Ben", "wild");

        await ada.SayAsync(Markup);

        await Assertions.Expect(ben.Texts).ToHaveTextAsync([Markup]);
        await Assertions.Expect(ben["messages"].Locator("img, script")).ToHaveCountAsync(0);
        (await ben.Page.TitleAsync()).ShouldNotContain("owned");
    }

    [Fact]
    public async Task Markup_in_a_name_a_notification_and_a_toast_stays_text()
    {
        await using var ada = await hub.EnterAsync("Ada", "masks");
        await using var ben = await hub.EnterAsync("Ben", "masks");
        await Assertions.Expect(ada.Other("Ben")).ToBeVisibleAsync();
        const string name = "<b onmouseover=alert(1)>Eve</b>";

        await ada["settings-toggle"].ClickAsync();
        await ada["name-input"].FillAsync(name);
        await ada["settings-save"].ClickAsync();
        await ada.Expect("me").ToHaveTextAsync(name);
        await ada.Other("Ben").ClickAsync();
        await ada.SayAsync(Markup);

        await Assertions.Expect(ben["toast"].Filter(new() { HasText = Markup })).ToBeVisibleAsync();
        await ben.Expect("private-item").ToContainTextAsync(name);
        await Assertions.Expect(ben.Page.Locator("b, main img, [data-testid=toast] img")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_link_that_leaves_the_hub_is_refused()
    {
        string[] urls =
        [
            "javascript:document.title='owned'", "data:text/html,<script>1</script>", "https://elsewhere.example/payload", "//elsewhere.example/payload",
        ];
        await using var ada = await hub.EnterAsync("Ada", "links");

        foreach (var url in urls)
            await hub.PostAsync("links", new { kind = "file", filename = url, url });

        await Assertions.Expect(ada["file-refused"]).ToHaveTextAsync(urls);
        await Assertions.Expect(ada["messages"].Locator("a")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_policy_stops_scripts_that_are_not_the_pages_own()
    {
        await using var ada = await hub.EnterAsync("Ada", "fort");

        await ada.Page.EvaluateAsync("() => { const made = document.createElement('script'); made.textContent = \"document.title='owned'\"; document.body.append(made); }");

        ada.Complaints.ShouldHaveSingleItem().ShouldContain("Content Security Policy");
        ada.Forgive("Content Security Policy");
        (await ada.Page.TitleAsync()).ShouldNotContain("owned");
    }
}
