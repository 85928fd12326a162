using Microsoft.AspNetCore.Server.Kestrel.Core;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>What the peer on a stream of cleartext HTTP/2 sees of an end.</summary>
public class CloseOverHttp2Tests
{
    [Fact]
    public async Task A_violation_under_a_flood_still_delivers_its_close_frame_and_a_clean_end()
    {
        await using var server = await EchoServer.StartAsync(protocols: HttpProtocols.Http2);
        for (var round = 0; round < 5; round++)
        {
            using var client = await RawClient.ConnectHttp2Async(server);
            var flood = Enumerable.Repeat(ClientFrame.Binary(new byte[1000]), 40).ToArray();
            await client.SendAsync([ClientFrame.Text("bad") with { Rsv = 1 }, .. flood, ClientFrame.Close(1002)]);

            var frame = ServerFrame.ReadAll(await client.ReadToEndAsync()).ShouldHaveSingleItem();
            frame.Opcode.ShouldBe(Opcode.Close);
            frame.CloseCode.ShouldBe((ushort)1002);
        }
    }

    [Fact]
    public async Task A_peer_that_reads_only_sees_the_stream_end_behind_the_close_frame()
    {
        await using var server = await EchoServer.StartAsync(protocols: HttpProtocols.Http2);
        using var client = await RawClient.ConnectHttp2Async(server);
        await client.SendAsync(ClientFrame.Text("a"), ClientFrame.Text("x") with { Masked = false });

        var frames = ServerFrame.ReadAll(await client.ReadToEndAsync());
        frames.Select(f => f.Opcode).ShouldBe([Opcode.Text, Opcode.Close]);
        frames[1].CloseCode.ShouldBe((ushort)1002);
    }

    [Fact]
    public async Task A_close_of_the_servers_reaches_the_peer_and_its_answer_ends_the_stream()
    {
        await using var server = await EchoServer.StartAsync(protocols: HttpProtocols.Http2);
        using var client = await RawClient.ConnectHttp2Async(server, "/leave");
        var close = await client.ReadAsync(2 + 2 + EchoServer.Leaving.Reason.Length);
        await client.SendAsync(ClientFrame.Close(EchoServer.Leaving.Code));

        ServerFrame.ReadAll(close).ShouldHaveSingleItem().CloseCode.ShouldBe(EchoServer.Leaving.Code);
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        SpinWait.SpinUntil(() => server.Sweep.Count == 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_that_was_too_slow_finds_the_close_frame_behind_what_it_was_sent()
    {
        await using var server = await EchoServer.StartAsync(protocols: HttpProtocols.Http2);
        using var client = await RawClient.ConnectHttp2Async(server, "/slow");
        SpinWait.SpinUntil(() => server.Sweep.Count == 1, TimeSpan.FromSeconds(30)).ShouldBeTrue();

        var frames = ServerFrame.ReadAll(await client.ReadToEndAsync());
        frames[^1].Opcode.ShouldBe(Opcode.Close);
        frames[^1].CloseCode.ShouldBe((ushort)4005);
        frames[..^1].ShouldAllBe(frame => frame.Opcode == Opcode.Binary && frame.Payload.Length == 10_000);
    }
}
