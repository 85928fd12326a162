using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary>A page of one server uses the HTTP API of another: the browser asks that one first whether it may.</summary>
[Collection(nameof(BrowserTests))]
public sealed class OtherOriginTests(DemoHub hub) : IDisposable
{
    private const string Publish = """
        async address => {
            try {
                const answer = await fetch(new URL('/api/rooms/lobby/messages', address), {
                    method: 'POST',
                    credentials: 'include',
                    headers: { 'Content-Type': 'application/json', 'X-Request': '1' },
                    body: JSON.stringify({ message: 'from another page' }),
                });
                const { success, data } = await answer.json();
                return `${answer.status} ${success} ${data.seq}`;
            } catch (error) {
                return error.name;
            }
        }
        """;

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_page_of_a_listed_origin_publishes_in_Development() => (await PublishTo("--Verb:Socket:AllowedOrigins:0=" + Origin)).ShouldBe("200 true 1");

    [Fact]
    public async Task A_page_of_another_origin_does_not() => (await PublishTo("--Verb:Socket:AllowedOrigins:0=https://app.example")).ShouldBe("TypeError");

    private string Origin => hub.Server.Address.GetLeftPart(UriPartial.Authority);

    private async Task<string> PublishTo(string setting)
    {
        await using var other = await ServerProcess.StartAsync(_folder, DemoHub.Development, setting);
        await using var window = await hub.Browser.NewContextAsync();
        var page = await window.NewPageAsync();
        await page.GotoAsync(hub.Server.Address.ToString());
        return await page.EvaluateAsync<string>(Publish, other.Address.ToString());
    }
}
