using System.Net.Sockets;
using System.Text;
using Verb.Contracts;
using Verb.Server.Testing.Clients;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class DrainTests
{
    private const string Join = """{"type":"join_room","roomId":"hall"}""";

    [Theory]
    [InlineData(nameof(Signal.Terminate))]
    [InlineData(nameof(Signal.Interrupt))]
    [InlineData(nameof(Signal.Quit))]
    [InlineData(nameof(Signal.HangUp))]
    public async Task The_first_signal_tells_everyone_grants_the_grace_closes_with_1001_and_ends_with_0(string signal)
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder, "--Verb:Drain:Grace=1s", "--Verb:Drain:ClosesPerSecond=100");
        var clients = new List<SocketClient>();
        for (var i = 0; i < 30; i++)
            clients.Add(await server.ConnectAsync());
        await clients[0].AskAsync(Join);

        server.Send(Enum.Parse<Signal>(signal));
        foreach (var client in clients)
        {
            var shutdown = await client.ExpectAsync("server_shutdown");
            shutdown.GetProperty("reconnectAfter").GetInt64().ShouldBe(1_000);
        }

        // Within the grace a client still works, and what is acknowledged is kept.
        var kept = await clients[0].AskAsync("""{"type":"chat","roomId":"hall","messageId":"last","message":"last words"}""");
        kept.GetProperty("success").GetBoolean().ShouldBeTrue();
        foreach (var client in clients)
            (await client.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        (await server.ExitAsync()).ShouldBe(0);
        server.Errors.ToString().ShouldBeEmpty();

        await using var next = await ServerProcess.StartAsync(folder);
        await using var reader = await next.ConnectAsync();
        (await reader.ReadHistoryAsync("hall")).ShouldHaveSingleItem().MessageId.ShouldBe("last");
    }

    [Fact]
    public async Task While_draining_new_handshakes_are_refused_and_a_second_signal_ends_at_once()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder, "--Verb:Drain:Grace=10m");
        await using var client = await server.ConnectAsync();
        await client.ExpectAsync("connected");

        server.Send(Signal.Terminate);
        await client.ExpectAsync("server_shutdown");
        var refusal = await Should.ThrowAsync<HandshakeRefusedException>(() => server.ConnectAsync());
        refusal.Status.ShouldBe(503);
        refusal.Headers.Keys.ShouldContain("Retry-After");

        server.Send(Signal.Terminate);
        (await server.ExitAsync()).ShouldNotBe(0);
    }

    [Fact]
    public async Task A_server_without_clients_ends_at_once()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder, "--Verb:Drain:Grace=10m");
        server.Send(Signal.Terminate);
        (await server.ExitAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(nameof(Signal.HangUp), nameof(Signal.HangUp))] // A terminal that closes: by the shell, and by the system.
    [InlineData(nameof(Signal.Terminate), nameof(Signal.HangUp))] // A service manager that tells shells, too.
    [InlineData(nameof(Signal.HangUp), nameof(Signal.Terminate))]
    public async Task A_hang_up_beside_another_signal_hurries_nothing(string first, string second)
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder, "--Verb:Drain:Grace=1s");
        await using var client = await server.ConnectAsync();
        await client.ExpectAsync("connected");

        server.Send(Enum.Parse<Signal>(first));
        await client.ExpectAsync("server_shutdown");
        server.Send(Enum.Parse<Signal>(second));
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        (await server.ExitAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("GE")]
    [InlineData("GET /health HTTP/1.1\r\nHost: x\r\nX-Half: ")]
    [InlineData("POST /api/drain HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"half")]
    [InlineData("POST /api/rooms/hall/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task A_request_that_never_ends_does_not_hold_up_the_end(string half)
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder, "--environment=Development", "--Verb:Drain:Grace=1s");
        await using var client = await server.ConnectAsync();
        await client.ExpectAsync("connected");
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.Address.Host, server.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(half));
        (await server.GetAsync("/health")).Dispose(); // What came before is read.

        server.Send(Signal.Terminate);
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        (await server.ExitAsync()).ShouldBe(0); // The host's own time for it is longer than this waits.
    }
}
