using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>What the peer sees of an end, on real sockets.</summary>
public class CloseOverTcpTests
{
    [Fact]
    public async Task A_violation_under_a_flood_still_delivers_its_close_frame_and_a_clean_end()
    {
        await using var server = await EchoServer.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            using var client = await RawClient.UpgradeAsync(server);
            var flood = Enumerable.Repeat(ClientFrame.Binary(new byte[1000]) with { Mask = 0 }, 200).ToArray();
            await client.SendAsync(Conversation.Bytes([ClientFrame.Text("bad") with { Rsv = 4 | 1 }, .. flood, ClientFrame.Close(1002)]));

            var frame = ServerFrame.ReadAll(await client.ReadToEndAsync()).ShouldHaveSingleItem();
            frame.Opcode.ShouldBe(Opcode.Close);
            frame.CloseCode.ShouldBe((ushort)1002);
        }
    }

    [Fact]
    public async Task A_close_is_answered_and_the_server_ends_the_connection()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.UpgradeAsync(server);
        await client.SendAsync(ClientFrame.Text("a"), ClientFrame.Close(4321, "done"));

        var frames = ServerFrame.ReadAll(await client.ReadToEndAsync());
        frames.Select(f => f.Opcode).ShouldBe([Opcode.Text, Opcode.Close]);
        frames[1].CloseCode.ShouldBe((ushort)4321);
    }

    [Fact]
    public async Task A_peer_that_reads_only_sees_the_stream_end_behind_the_close_frame()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.UpgradeAsync(server);
        await client.SendAsync(ClientFrame.Text("x") with { Masked = false });

        ServerFrame.ReadAll(await client.ReadToEndAsync()).ShouldHaveSingleItem().CloseCode.ShouldBe((ushort)1002);
    }

    [Fact]
    public async Task A_peer_that_never_answers_is_cut_by_the_deadline()
    {
        await using var server = await EchoServer.StartAsync(new WebSocketProtocolOptions { CloseTimeout = TimeSpan.FromSeconds(1) });
        using var client = await RawClient.UpgradeAsync(server);
        await client.SendAsync(ClientFrame.Text("x") with { Masked = false });
        SpinWait.SpinUntil(() => server.Sweep.Count == 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reset_ends_the_servers_side()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.UpgradeAsync(server);
        await client.SendAsync(ClientFrame.Text("a"), ClientFrame.Binary(1, 2, 3).Unfinished());
        await client.ReadAsync(3);
        client.Reset();
        SpinWait.SpinUntil(() => server.Sweep.Count == 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_half_sent_message_is_refused_in_time()
    {
        await using var server = await EchoServer.StartAsync(new WebSocketProtocolOptions { MessageTimeout = TimeSpan.FromMilliseconds(1) });
        using var client = await RawClient.UpgradeAsync(server);
        await client.SendAsync(ClientFrame.Text("half").Unfinished());
        ServerFrame.ReadAll(await client.ReadToEndAsync()).ShouldHaveSingleItem().CloseCode.ShouldBe((ushort)1001);
    }

    [Fact]
    public async Task Frames_sent_with_the_handshake_are_not_lost()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync([.. System.Text.Encoding.ASCII.GetBytes(RawClient.Request()), .. Conversation.Bytes(ClientFrame.Text("early"), ClientFrame.Close(1000))]);
        await client.ReadHeadAsync();
        ServerFrame.ReadAll(await client.ReadToEndAsync())[0].Text.ShouldBe("early");
    }
}
