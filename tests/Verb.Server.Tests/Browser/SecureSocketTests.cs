using Microsoft.Playwright;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary><c>wss</c> with a certificate from Kestrel's own settings: in Chromium, by both ways a WebSocket can begin.</summary>
[Collection(nameof(BrowserTests))]
public sealed class SecureSocketTests(DemoHub hub) : IDisposable
{
    private const int SwitchingProtocols = 101;
    private const int Ok = 200;

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Two_windows_chat_over_an_upgrade_of_http_1_1() => ChatOver("Http1", "http/1.1", "Request starting HTTP/1.1 GET", SwitchingProtocols);

    [Fact]
    public Task Two_windows_chat_over_extended_connect_of_http_2() => ChatOver("Http1AndHttp2", "h2", "Request starting HTTP/2 CONNECT", Ok);

    private async Task ChatOver(string protocols, string pageProtocol, string requestLine, int status)
    {
        await using var server = await ServerProcess.StartAsync(
            _folder,
            DemoHub.Development,
            "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0",
            $"--Kestrel:Endpoints:Https:Protocols={protocols}",
            $"--Kestrel:Endpoints:Https:Certificate:Path={GeneratedCertificate.Write(_folder.Root)}",
            $"--Kestrel:Endpoints:Https:Certificate:Password={GeneratedCertificate.Password}",
            "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Information");
        server.Address.Scheme.ShouldBe("https");
        await using var ada = await Person.EnterAsync(hub.Browser, server.Address, "Ada", "vault");
        await using var ben = await Person.EnterAsync(hub.Browser, server.Address, "Ben", "vault");

        await ada.SayAsync("Sealed");
        await Assertions.Expect(ben.Message("Sealed")).ToBeVisibleAsync();
        await ben.SayAsync("Received");
        await Assertions.Expect(ada.Message("Received")).ToBeVisibleAsync();

        (await ada.Page.EvaluateAsync<string>("() => performance.getEntriesByType('navigation')[0].nextHopProtocol")).ShouldBe(pageProtocol);
        var wanted = await server.Output.Line(line => line.Contains("Request starting", StringComparison.Ordinal) && line.Contains("/ws", StringComparison.Ordinal));
        wanted.ShouldContain(requestLine);
        (await HandshakeStatusAsync(ben)).ShouldBe(status);
    }

    /// <summary>What the hub answers to the handshake of a page that is loaded again.</summary>
    private static async Task<int> HandshakeStatusAsync(Person person)
    {
        var devTools = await person.Page.Context.NewCDPSessionAsync(person.Page);
        var answered = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        devTools.Event("Network.webSocketHandshakeResponseReceived").OnEvent += (_, parameters) =>
            answered.TrySetResult(parameters!.Value.GetProperty("response").GetProperty("status").GetInt32());
        await devTools.SendAsync("Network.enable");
        await person.Page.ReloadAsync();
        await person.Expect("connection").ToHaveAttributeAsync("data-state", "open");
        return await answered.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
