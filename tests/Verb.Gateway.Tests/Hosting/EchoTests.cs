using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.WebSockets;
using Verb.Gateway.WebSockets;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting;

public sealed class EchoTests
{
    private static readonly VerbOptions Options = new()
    {
        Storage = new StorageOptions { Kind = StorageKind.Memory },
        Echo = true,
        Limits = new LimitOptions { Connections = 1 },
        Drain = new DrainOptions { Grace = TimeSpan.Zero },
    };

    [Fact]
    public async Task It_echoes_and_is_closed_with_the_hub()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Hub = Options });
        await using var client = await host.ConnectAsync("/echo");
        await client.SendAsync("hello");
        (await client.ReceiveAsync()).Text.ShouldBe("hello");

        var stopping = host.StopAsync();
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Its_handshake_is_that_of_a_socket_route()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Hub = Options });
        var foreign = new SocketClientOptions { Headers = new Dictionary<string, string> { ["Origin"] = "https://evil.example" } };
        (await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync("/echo", foreign))).Status.ShouldBe(403);

        await using var client = await host.ConnectAsync("/echo");
        await client.SendAsync("hello");
        await client.ReceiveAsync();
        await using var tooMany = await host.ConnectAsync("/echo");
        await tooMany.ExpectAsync("error");
        (await tooMany.ExpectCloseAsync()).ShouldBe(CloseReason.AtCapacity);
    }

    [Fact]
    public async Task Whoever_says_nothing_is_closed_with_1001()
    {
        using var socket = new MemorySocket();
        var serving = new EchoEndpoint(TimeSpan.FromSeconds(120), socket.Clock, CancellationToken.None).Serve(socket.Connection);
        socket.Clock.Advance(TimeSpan.FromSeconds(119));
        await socket.SendAsync(ClientFrame.Text("hello"));
        socket.Clock.Advance(TimeSpan.FromSeconds(119));
        socket.Sent().ShouldHaveSingleItem().Text.ShouldBe("hello");
        socket.Clock.Advance(TimeSpan.FromSeconds(1));
        socket.Sent().ShouldHaveSingleItem().CloseCode.ShouldBe((ushort)1001);
        await socket.SendAsync(ClientFrame.Close(1001));
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Whoever_takes_nothing_back_is_cut_when_the_hub_stops()
    {
        using var socket = new MemorySocket(sendThreshold: 4);
        using var stopping = new CancellationTokenSource();
        var serving = new EchoEndpoint(TimeSpan.Zero, socket.Clock, stopping.Token).Serve(socket.Connection);
        await socket.SendAsync(ClientFrame.Text("hello"));
        await stopping.CancelAsync();
        socket.Clock.Advance(TimeSpan.FromSeconds(6));
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
        socket.Aborted.ShouldBeTrue();
    }
}
