using System.Diagnostics;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Browser;

/// <summary>
/// A Chromium of its own with tabs in one window, of which only the one in front is visible: driven over the DevTools protocol, because
/// Playwright keeps each of its pages awake. It begins the throttling of hidden pages that lets their chained timers run once a minute after
/// a second instead of five minutes.
/// </summary>
internal sealed class TabbedChromium : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private const string Throttling = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("verb-chromium-");
    private readonly ServerOutput _errors = new();
    private readonly Process _process;
    private DevTools? _tools;

    private TabbedChromium()
    {
        var start = new ProcessStartInfo(Chromium.Executable()) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--remote-debugging-port=0",
            $"--user-data-dir={_profile.FullName}", Throttling, "about:blank",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public static async Task<TabbedChromium> LaunchAsync()
    {
        var browser = new TabbedChromium();
        try
        {
            var line = await browser._errors.Line(line => line.StartsWith(Announcement, StringComparison.Ordinal)).WaitAsync(Patience);
            browser._tools = new DevTools(await SocketClient.ConnectAsync(new Uri(line[Announcement.Length..])));
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a tab in front of the others, which it hides.</summary>
    public async Task<Tab> OpenAsync(Uri address)
    {
        var blank = await _tools!.AskAsync("Target.createTarget", new { url = "about:blank" });
        var target = blank.GetProperty("targetId").GetString()!;
        var attached = await _tools.AskAsync("Target.attachToTarget", new { targetId = target, flatten = true });
        var tab = new Tab(_tools, target, attached.GetProperty("sessionId").GetString()!);
        await tab.BeginAsync(address);
        return tab;
    }

    public async ValueTask DisposeAsync()
    {
        if (_tools is not null)
            await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }
}
