using System.Security.Cryptography;
using Microsoft.Playwright;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Browser;

/// <summary>The page below a path of a reverse proxy, which tells the server of it or does not.</summary>
[Collection(nameof(BrowserTests))]
public sealed class PathProxyTests(DemoHub hub) : IDisposable
{
    private const string BelievesProxy = "ASPNETCORE_FORWARDEDHEADERS_ENABLED=true";

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/hub", false)]
    [InlineData("/hub", true)]
    [InlineData("/apps/a%20chat", false)]
    [InlineData("/apps/a%20chat", true)]
    public async Task Everything_on_the_page_works_below_a_path(string path, bool saysSo)
    {
        await using var server = await ServerProcess.StartAsync(_folder, DemoHub.Development, saysSo ? BelievesProxy : "ASPNETCORE_X=");
        await using var proxy = new PathProxy(server.Address, path, saysSo);
        await using var ada = await Person.EnterAsync(hub.Browser, proxy.Address, "Ada", "below");
        await using var ben = await Person.EnterAsync(hub.Browser, proxy.Address, "Ben", "below");

        await ada.SayAsync("From below");
        await Assertions.Expect(ben.Message("From below")).ToBeVisibleAsync();

        await ada["notifications-toggle"].ClickAsync();
        await ada["notify-to"].SelectOptionAsync("*");
        await ada["notify-text"].FillAsync("To all");
        await ada["notify-button"].ClickAsync();
        await ada.Expect("notify-result").ToHaveTextAsync("Sent.");
        await ben.Expect("toast").ToContainTextAsync("To all");

        var bytes = RandomNumberGenerator.GetBytes(100_000);
        await ada["file-input"].SetInputFilesAsync(hub.PutFile("below.bin", bytes));
        foreach (var person in new[] { ada, ben })
        {
            var download = await person.Page.RunAndWaitForDownloadAsync(() => person["file-link"].ClickAsync());
            File.ReadAllBytes(await download.PathAsync()).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        }

        proxy.Strays.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_believes_its_proxy_makes_links_that_begin_with_the_path_and_another_does_not()
    {
        await using var server = await ServerProcess.StartAsync(_folder, DemoHub.Development, BelievesProxy);
        await using var told = new PathProxy(server.Address, "/hub", saysSo: true);
        await using var silent = new PathProxy(server.Address, "/hub", saysSo: false);

        (await UrlByAsync(told)).ShouldStartWith("/hub/files/");
        (await UrlByAsync(silent)).ShouldStartWith("/files/");
    }

    private static async Task<string> UrlByAsync(PathProxy proxy)
    {
        var socket = new UriBuilder(new Uri(proxy.Address, "ws")) { Scheme = "ws" }.Uri;
        await using var client = await SocketClient.ConnectAsync(socket);
        byte[] file = [1, 42];
        await client.SendAsync(file);
        var url = (await client.ExpectAsync("file_uploaded")).GetProperty("url").GetString()!;
        using var http = new HttpClient();
        var hub = url.StartsWith("/hub/", StringComparison.Ordinal) ? new Uri(proxy.Address, url) : new Uri(proxy.Address, "." + url);
        (await http.GetByteArrayAsync(hub)).ShouldBe([42]);
        return url;
    }
}
