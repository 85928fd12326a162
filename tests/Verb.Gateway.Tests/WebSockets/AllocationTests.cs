using System.Buffers;
using System.Diagnostics;
using System.Reflection;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Deflate;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>What a message costs the garbage collector once everything is warm: nothing.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Warm = 2_000;
    private const int Measured = 1_000;

    // Unoptimised builds make a class of each asynchronous method's state.
    private static readonly long StateMachineBytes =
        typeof(WebSocketConnection).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? 512 : 0;

    private readonly MemorySocket _socket = new(deflate: Shared(), pool: ArrayPool<byte>.Shared);

    [Fact]
    public async Task Small_messages_that_came_together_are_received_without_allocating()
    {
        await _socket.SendAsync(Many(Warm + Measured, ClientFrame.Text("""{"type":"publish"}"""), ClientFrame.Binary(1, 2, 3), ClientFrame.Ping("p")));

        BytesPerTurn(ReceiveNow).ShouldBe(0);
    }

    [Fact]
    public void A_small_message_that_was_waited_for_is_received_without_allocating()
    {
        var frame = ClientFrame.Text("""{"type":"publish"}""").ToBytes();

        BytesPerTurn(() =>
        {
            var pending = _socket.Connection.ReceiveAsync();
            Send(frame);
            Take(pending);
        }).ShouldBeLessThanOrEqualTo(StateMachineBytes);
    }

    [Fact]
    public async Task A_compressed_or_fragmented_message_is_received_without_allocating()
    {
        var deflated = new ClientFrame(Opcode.Text, Convert.FromHexString("F248CDC9C90700")) { Rsv = 4 };
        await _socket.SendAsync(Many(
            Warm + Measured, deflated, ClientFrame.Text("a").Unfinished(), ClientFrame.Continuation("b", fin: true), ClientFrame.Ping("p")));

        BytesPerTurn(ReceiveNow).ShouldBe(0);
    }

    [Fact]
    public void A_message_that_many_share_is_copied_into_the_pipe_and_no_further()
    {
        var message = new Outgoing(new byte[200], FrameKind.Binary);

        BytesPerTurn(() =>
        {
            _socket.Connection.Write(message);
            _socket.Connection.Pong([1]);
            Take(_socket.Connection.Flush());
            _socket.Drop();
        }).ShouldBe(0);
    }

    [Fact]
    public async Task While_a_message_is_waited_for_nothing_is_rented()
    {
        using var socket = new MemorySocket(deflate: Shared());
        var deflated = new ClientFrame(Opcode.Text, Convert.FromHexString("F248CDC9C90700")) { Rsv = 4 };
        foreach (var frames in (ClientFrame[][])[[ClientFrame.Text("whole")], [ClientFrame.Text("a").Unfinished(), ClientFrame.Continuation("b", fin: true)], [deflated]])
        {
            await socket.SendAsync(Conversation.Bytes(frames), chunk: 3);
            (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.Text);

            var next = socket.ReceiveAsync();
            next.IsCompleted.ShouldBeFalse();
            socket.Pool.Outstanding.ShouldBe(0);
            await socket.SendAsync(ClientFrame.Ping(""));
            (await next).Kind.ShouldBe(ReceiveKind.Ping);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static DeflateSession Shared() => new DeflateNegotiator(new WebSocketProtocolOptions { Compression = CompressionMode.Shared })
        .Negotiate([new ExtensionOffer("permessage-deflate", [])])!;

    private static byte[] Many(int count, params ClientFrame[] frames) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => Conversation.Bytes(frames))];

    private static long BytesPerTurn(Action turn)
    {
        for (var i = 0; i < Warm; i++)
            turn();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Measured; i++)
            turn();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Measured;
    }

    private static T Take<T>(ValueTask<T> task)
    {
        task.IsCompleted.ShouldBeTrue();
        return task.GetAwaiter().GetResult();
    }

    private void ReceiveNow() => Take(_socket.Connection.ReceiveAsync());

    private void Send(byte[] frame) => _ = Take(_socket.SendNow(frame));
}
