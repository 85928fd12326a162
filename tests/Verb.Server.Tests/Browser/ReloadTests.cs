using Microsoft.Playwright;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary>A page that is loaded again is the same person, who was never away.</summary>
[Collection(nameof(BrowserTests))]
public sealed class ReloadTests(DemoHub hub) : IDisposable
{
    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_others_hear_nothing_of_a_reload_and_everything_of_who_leaves()
    {
        // However slowly the page loads here, it is back in time.
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Rooms:0:Match=*", "--Verb:Rooms:0:LeaveGrace=60s");
        await using var ada = await Person.EnterAsync(hub.Browser, server.Address, "Ada", "revolving door");
        await using var ben = await Person.EnterAsync(hub.Browser, server.Address, "Ben", "revolving door");
        await Assertions.Expect(ada.Other("Ben")).ToBeVisibleAsync();
        var id = await ada.Other("Ben").GetAttributeAsync("data-id");

        for (var times = 1; times <= 3; times++)
        {
            await ben.Page.ReloadAsync();
            await Assertions.Expect(ben.Other("Ben (you)")).ToBeVisibleAsync();
            await ben.SayAsync($"Loaded {times} times");
            await Assertions.Expect(ada.Message($"Loaded {times} times")).ToBeVisibleAsync();
        }

        await Assertions.Expect(ada.Other("Ben")).ToHaveAttributeAsync("data-id", id!);
        await ben["settings-toggle"].ClickAsync();
        await ben["connect-toggle"].ClickAsync();

        await Assertions.Expect(ada["note"].Filter(new() { HasText = "Ben left." })).ToBeVisibleAsync();
        await ada.Expect("note").ToHaveTextAsync(["Ben joined.", "Ben left."]);
    }
}
