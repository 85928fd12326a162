using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Verb.Gateway.Handshake;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Embedding;

public sealed class CallbackTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<string> _heard = [];

    [Fact]
    public async Task The_host_hears_what_a_connection_does_in_order()
    {
        await using var host = await StartAsync(Recording());
        var client = await host.ConnectAsync("/ws?room=1&token=secret", new SocketClientOptions
        {
            Headers = new Dictionary<string, string> { ["User-Agent"] = "tests", ["X-Trace"] = "7", ["Cookie"] = "secret" },
        });
        await client.SendAsync("""{"type":"get_topics"}""");
        await client.SendAsync(new byte[] { 9 });
        await client.SendAsync(SocketMessageKind.Ping, "are you there"u8.ToArray());
        await client.SendAsync(SocketMessageKind.Pong, "unasked"u8.ToArray());
        await client.CloseAsync(4321, "enough");
        await client.ExpectCloseAsync();

        Heard("open /ws?room=1 tests 7");
        Heard("""text {"type":"get_topics"} after 0""");
        Heard("binary \t after 1");
        Heard("ping are you there");
        Heard("pong unasked");
        Heard("close 4321 enough");
        _heard.ShouldBeEmpty();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_lost_connection_is_told_as_1006_and_is_no_error()
    {
        await using var host = await StartAsync(Recording());
        var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
        client.Cut();
        Heard("open /ws  ");
        Take().ShouldStartWith("close 1006");
    }

    [Fact]
    public async Task A_callback_that_throws_is_told_as_an_error_and_the_connection_stays()
    {
        await using var host = await StartAsync(Recording() with
        {
            OnMessage = (_, _, _) => throw new InvalidOperationException("the host's own mistake"),
        });
        await using var client = await host.ConnectAsync();
        Heard("open /ws  ");
        (await client.AskAsync("""{"type":"get_topics"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        Heard("error the host's own mistake");
    }

    [Fact]
    public async Task OnDrain_tells_that_a_slow_client_has_taken_what_waited()
    {
        await using var host = await StartAsync(Recording());
        await using var slow = await host.ConnectAsync("/ws", new SocketClientOptions { ReceiveBufferBytes = 4096 });
        Heard("open /ws  ");
        await slow.AskAsync("""{"type":"join_room","roomId":"hall"}""");
        Take().ShouldStartWith("text");
        var message = Encoding.UTF8.GetBytes($"\"{new string('x', 40_000)}\"");
        for (var i = 0; i < 20; i++)
            (await host.Hub.PublishAsync(new Verb.Contracts.RoomId("hall"), message)).IsSuccess.ShouldBeTrue();
        for (var i = 0; i < 20; i++)
            await slow.ExpectAsync("chat");
        Heard("drain");
    }

    private ConnectionEvents Recording() => new()
    {
        OnOpen = client =>
        {
            client.Items["messages"] = 0;
            return Hear($"open {client.Path}{client.Query} {client.UserAgent} {client.Headers.GetValueOrDefault("X-Trace")}{client.Headers.GetValueOrDefault("Cookie")}");
        },
        OnMessage = (client, payload, isBinary) =>
        {
            var before = (int)client.Items["messages"]!;
            client.Items["messages"] = before + 1;
            return Hear($"{(isBinary ? "binary" : "text")} {Encoding.UTF8.GetString(payload.Span)} after {before}");
        },
        OnPing = (_, payload) => Hear($"ping {Encoding.UTF8.GetString(payload.Span)}"),
        OnPong = (_, payload) => Hear($"pong {Encoding.UTF8.GetString(payload.Span)}"),
        OnDrain = _ => Hear("drain"),
        OnError = (_, failure) => Hear($"error {failure.Message}"),
        OnClose = (_, reason) => Hear($"close {reason.Code} {reason.Reason}"),
    };

    private static Task<VerbTestHost> StartAsync(ConnectionEvents events) => VerbTestHost.StartAsync(new VerbTestHostOptions
    {
        Routes = app => app.MapVerb("/ws", route => route with { Events = events }),
    });

    private ValueTask Hear(string what)
    {
        _heard.Add(what);
        return ValueTask.CompletedTask;
    }

    private void Heard(string what) => Take().ShouldBe(what);

    private string Take() => _heard.TryTake(out var heard, Deadline) ? heard : throw new TimeoutException("Nothing was heard.");
}
