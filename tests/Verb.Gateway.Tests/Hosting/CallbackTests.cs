using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Verb.Contracts;
using Verb.Gateway.Handshake;
using Verb.Gateway.Settings;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting;

public sealed class CallbackTests
{
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task They_hear_a_connection_from_its_opening_to_its_close_and_share_its_state()
    {
        await using var host = await Start(new ConnectionEvents
        {
            OnOpen = async client =>
            {
                await Task.Yield(); // An asynchronous one is awaited before the first message is read.
                client.Items["name"] = "first";
                await Note($"open {client.ClientId.Length}");
            },
            OnMessage = (client, payload, isBinary) => Note($"{client.Items["name"]} {(isBinary ? "binary" : Encoding.UTF8.GetString(payload.Span))}"),
            OnPing = (_, payload) => Note($"ping {Encoding.UTF8.GetString(payload.Span)}"),
            OnPong = (_, payload) => Note($"pong {Encoding.UTF8.GetString(payload.Span)}"),
            OnClose = (client, reason) => Note($"{client.Items["name"]} closed {reason.Code}"),
        });
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"ping"}""");
        await client.SendAsync(new byte[] { 9 });
        await client.SendAsync(SocketMessageKind.Ping, "health-check"u8.ToArray());
        await client.SendAsync(SocketMessageKind.Pong, "unasked"u8.ToArray());
        await client.CloseAsync();

        await Hears("open 36", """first {"type":"ping"}""", "first binary", "ping health-check", "pong unasked", "first closed 1000");
    }

    [Fact]
    public async Task One_that_throws_is_told_to_OnError_and_the_connection_stays()
    {
        await using var host = await Start(new ConnectionEvents
        {
            OnMessage = (_, _, _) => throw new InvalidOperationException("no"),
            OnError = (_, failure) => Note(failure.Message),
        });
        await using var client = await host.ConnectAsync();
        await client.AskAsync("""{"type":"ping"}""");
        await Hears("no");
    }

    [Fact]
    public async Task A_client_cut_by_the_network_is_a_close_and_no_error()
    {
        await using var host = await Start(new ConnectionEvents
        {
            OnClose = (_, reason) => Note($"closed {reason.Code}"),
            OnError = (_, failure) => Note(failure.Message),
        });
        var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
        client.Cut();
        await Hears("closed 1006");
    }

    [Fact]
    public async Task A_client_whose_reader_is_held_back_ends_all_the_same()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Hub = new VerbOptions { Storage = new StorageOptions { Kind = StorageKind.Memory }, Drain = new DrainOptions { Grace = TimeSpan.Zero } },
            Routes = app => app.MapVerb("/ws", route => route with
            {
                Limits = route.Limits with { BinaryBytesPerSecond = 1 },
                Events = new ConnectionEvents
                {
                    OnMessage = (_, payload, _) => Note($"{payload.Length} bytes"),
                    OnClose = (_, reason) => Note($"closed {reason.Code}"),
                },
            }),
        });
        var (cut, stays) = (await host.ConnectAsync(), await host.ConnectAsync());
        await using var alsoStays = stays;
        await HoldBack(cut);
        cut.Cut();
        await Hears("closed 1006");

        await HoldBack(stays);
        var stopping = host.StopAsync();
        (await stays.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        await Hears("closed 1001");

        async Task HoldBack(SocketClient client)
        {
            await client.SendAsync(new byte[1000]); // Leaves a debt of 16 minutes.
            await client.SendAsync(new byte[1]);
            await Hears("1000 bytes", "1 bytes");
        }
    }

    [Fact]
    public async Task Pings_are_left_to_the_host_where_it_says_so()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app => app.MapVerb("/ws", route => route with
            {
                Socket = route.Socket with { AutoPong = false },
                Events = new ConnectionEvents { OnPing = (_, _) => Note("ping") },
            }),
        });
        await using var client = await host.ConnectAsync();
        await client.SendAsync(SocketMessageKind.Ping, "anyone?"u8.ToArray());
        await client.SendAsync("""{"type":"ping"}""");
        await Hears("ping");
        SocketMessage message;
        do
        {
            message = await client.ReceiveAsync();
            message.Kind.ShouldBe(SocketMessageKind.Text);
        }
        while (!message.Text.Contains("\"pong\"", StringComparison.Ordinal));
    }

    private static Task<VerbTestHost> Start(ConnectionEvents events) => VerbTestHost.StartAsync(new VerbTestHostOptions
    {
        Routes = app => app.MapVerb("/ws", route => route with { Events = events }),
    });

    private ValueTask Note(string what) => _heard.Writer.WriteAsync(what);

    private async Task Hears(params string[] expected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var what in expected)
            (await _heard.Reader.ReadAsync(deadline.Token)).ShouldBe(what);
    }
}
