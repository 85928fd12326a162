using System.Text;
using Verb.Contracts;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class TimeTests : IDisposable
{
    private const string NoPings = "--Verb:Socket:PingInterval=0";

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_client_that_answers_no_ping_is_dropped_and_one_that_does_stays()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Socket:PingInterval=1s", "--Verb:Socket:PingTimeout=1s");
        await using var silent = await server.ConnectAsync(new SocketClientOptions { AnswersPings = false });
        await using var lively = await server.ConnectAsync();
        var heartbeat = (await lively.ExpectAsync("connected")).GetProperty("heartbeat");
        heartbeat.GetProperty("interval").GetInt64().ShouldBe(1_000);
        heartbeat.GetProperty("timeout").GetInt64().ShouldBe(1_000);

        var dropped = silent.ExpectCloseAsync();
        for (var pings = 0; pings < 4;)
        {
            var message = await lively.ReceiveAsync();
            message.Kind.ShouldNotBe(SocketMessageKind.End);
            pings += message.Kind == SocketMessageKind.Ping ? 1 : 0;
        }

        (await dropped).Code.ShouldBe((ushort)1006);
        (await lively.AskAsync("""{"type":"get_topics"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_that_sends_nothing_is_closed_with_1001()
    {
        await using var server = await ServerProcess.StartAsync(_folder, NoPings, "--Verb:Socket:IdleTimeout=1s");
        await using var client = await server.ConnectAsync();
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.Idle);
    }

    [Fact]
    public async Task Pongs_keep_a_quiet_client_and_its_lifetime_ends_it_with_1001()
    {
        await using var server = await ServerProcess.StartAsync(
            _folder, "--Verb:Socket:PingInterval=200ms", "--Verb:Socket:IdleTimeout=3s", "--Verb:Socket:MaxLifetime=6s");
        await using var client = await server.ConnectAsync();
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.Lifetime);
    }

    [Fact]
    public async Task A_frame_sent_by_half_is_closed_with_1001()
    {
        await using var server = await ServerProcess.StartAsync(_folder, NoPings, "--Verb:Socket:MessageTimeout=1s");
        await using var client = await server.ConnectAsync();
        await client.SendRawAsync(new byte[] { 0x81, 0xFE, 0x01 });
        (await client.ExpectCloseAsync()).Code.ShouldBe((ushort)1001);
    }

    [Fact]
    public async Task A_peer_that_never_answers_the_close_is_cut()
    {
        await using var server = await ServerProcess.StartAsync(_folder, NoPings, "--Verb:Socket:IdleTimeout=1s", "--Verb:Socket:CloseTimeout=1s");
        var client = await server.ConnectAsync();
        await Eventually.Be(server.StatusAsync, status => status.GetProperty("connections").GetInt32() == 0);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_handshake_sent_by_half_is_answered_with_408_and_ended()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Kestrel:Limits:RequestHeadersTimeout=00:00:01");
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync("127.0.0.1", server.Address.Port);
        await tcp.GetStream().WriteAsync("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: webso"u8.ToArray());
        using var reader = new StreamReader(tcp.GetStream(), Encoding.ASCII);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        answer.ShouldStartWith("HTTP/1.1 408 ");
    }
}
