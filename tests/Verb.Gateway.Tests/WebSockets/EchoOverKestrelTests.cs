using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Verb.Actors.Connections;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>The runtime's own client as an independent peer.</summary>
public class EchoOverKestrelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Text_and_binary_come_back_as_they_were()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await ConnectAsync(server);

        foreach (var size in new[] { 0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000 })
        {
            await ShouldEchoAsync(client, RandomNumberGenerator.GetBytes(size), WebSocketMessageType.Binary);
            await ShouldEchoAsync(client, Encoding.UTF8.GetBytes(new string('é', size / 2)), WebSocketMessageType.Text);
        }

        await ShouldCloseAsync(client);
    }

    [Fact]
    public async Task A_message_of_16_MiB_comes_back()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await ConnectAsync(server);

        await ShouldEchoAsync(client, new byte[16 * 1024 * 1024], WebSocketMessageType.Binary);
        await ShouldCloseAsync(client);
    }

    public static TheoryData<CompressionMode, int, int, bool, bool> DeflateOptions()
    {
        var cases = new TheoryData<CompressionMode, int, int, bool, bool>();
        foreach (var mode in new[] { CompressionMode.Shared, CompressionMode.Dedicated, CompressionMode.Disabled })
        foreach (var bits in new[] { (15, 15), (9, 15), (15, 9), (12, 10) })
        foreach (var (serverContext, clientContext) in new[] { (true, true), (true, false), (false, true), (false, false) })
            cases.Add(mode, bits.Item1, bits.Item2, serverContext, clientContext);
        return cases;
    }

    [Theory]
    [MemberData(nameof(DeflateOptions))]
    public async Task Every_deflate_option_of_another_implementation_works(
        CompressionMode mode, int serverBits, int clientBits, bool serverContext, bool clientContext)
    {
        await using var server = await EchoServer.StartAsync(new WebSocketProtocolOptions { Compression = mode });
        using var client = await ConnectAsync(server, new WebSocketDeflateOptions
        {
            ServerMaxWindowBits = serverBits,
            ClientMaxWindowBits = clientBits,
            ServerContextTakeover = serverContext,
            ClientContextTakeover = clientContext,
        });

        await ShouldEchoWordsAsync(client);
        await ShouldCloseAsync(client);
    }

    public static TheoryData<CompressionMode, int, int, bool, bool> RouteOptions()
    {
        var cases = new TheoryData<CompressionMode, int, int, bool, bool>();
        foreach (var mode in new[] { CompressionMode.Shared, CompressionMode.Dedicated })
        foreach (var bits in new[] { (15, 15), (9, 15), (15, 9), (11, 10) })
        foreach (var (server, client) in new[] { (false, false), (true, false), (false, true), (true, true) })
            cases.Add(mode, bits.Item1, bits.Item2, server, client);
        return cases;
    }

    [Theory]
    [MemberData(nameof(RouteOptions))]
    public async Task What_a_route_demands_of_deflate_another_implementation_obeys(
        CompressionMode mode, int serverBits, int clientBits, bool serverNoContext, bool clientNoContext)
    {
        await using var server = await EchoServer.StartAsync(new WebSocketProtocolOptions
        {
            Compression = mode,
            ServerMaxWindowBits = serverBits,
            ClientMaxWindowBits = clientBits,
            ServerNoContextTakeover = serverNoContext,
            ClientNoContextTakeover = clientNoContext,
        });
        using var client = await ConnectAsync(server, new WebSocketDeflateOptions());
        await ShouldEchoWordsAsync(client);
        await ShouldCloseAsync(client);

        using var without = await ConnectAsync(server);
        await ShouldEchoAsync(without, new byte[1000], WebSocketMessageType.Binary);
    }

    [Fact]
    public async Task WebSockets_over_http_2_echo_and_close_alike()
    {
        await using var server = await EchoServer.StartAsync(protocols: HttpProtocols.Http2);
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var cancel = new CancellationTokenSource(Patience);
        await client.ConnectAsync(server.Uri, invoker, cancel.Token);

        foreach (var size in new[] { 0, 5, 70_000, 1_000_000 })
            await ShouldEchoAsync(client, RandomNumberGenerator.GetBytes(size), WebSocketMessageType.Binary);
        await ShouldCloseAsync(client);
    }

    [Fact]
    public async Task Nothing_is_watched_once_everybody_has_left()
    {
        await using var server = await EchoServer.StartAsync();
        using var polite = await ConnectAsync(server);
        var rude = await ConnectAsync(server);
        SpinWait.SpinUntil(() => server.Sweep.Count == 2, Patience).ShouldBeTrue();

        await ShouldCloseAsync(polite);
        rude.Abort();

        SpinWait.SpinUntil(() => server.Sweep.Count == 0, Patience).ShouldBeTrue();
    }

    private static async Task<ClientWebSocket> ConnectAsync(EchoServer server, WebSocketDeflateOptions? deflate = null)
    {
        var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = deflate;
        using var cancel = new CancellationTokenSource(Patience);
        await client.ConnectAsync(server.Uri, cancel.Token);
        return client;
    }

    private static async Task ShouldEchoWordsAsync(ClientWebSocket client)
    {
        var random = new Random(7);
        var words = string.Join(' ', Enumerable.Range(0, 20_000).Select(_ => random.Next(1000)));
        foreach (var length in new[] { 0, 10, 300, 5_000, words.Length, 5_000, 300 })
            await ShouldEchoAsync(client, Encoding.UTF8.GetBytes(words[..length]), WebSocketMessageType.Text);

        await ShouldEchoAsync(client, RandomNumberGenerator.GetBytes(100_000), WebSocketMessageType.Binary);
    }

    private static async Task ShouldEchoAsync(ClientWebSocket client, byte[] payload, WebSocketMessageType type)
    {
        using var cancel = new CancellationTokenSource(Patience);
        var send = client.SendAsync(payload, type, endOfMessage: true, cancel.Token);
        var received = new byte[payload.Length + 1];
        var length = 0;
        WebSocketReceiveResult result;
        do
        {
            result = await client.ReceiveAsync(new ArraySegment<byte>(received, length, received.Length - length), cancel.Token);
            length += result.Count;
        }
        while (!result.EndOfMessage);

        await send;
        result.MessageType.ShouldBe(type);
        received.AsSpan(0, length).SequenceEqual(payload).ShouldBeTrue();
    }

    private static async Task ShouldCloseAsync(ClientWebSocket client)
    {
        using var cancel = new CancellationTokenSource(Patience);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", cancel.Token);
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        client.CloseStatusDescription.ShouldBe("bye");
    }
}
