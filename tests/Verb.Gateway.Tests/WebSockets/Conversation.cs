using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Deflate;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>A client says its piece, in chunks of a given size, and leaves; the hub answers closes and failures as the gateway does.</summary>
internal sealed record Conversation(List<Received> Received, List<ServerFrame> Sent, int LargestRent)
{
    public static IEnumerable<int> Chunkings => [int.MaxValue, 1, 3, 1000];

    public Received Single => Received.ShouldHaveSingleItem();

    public static async Task<Conversation> RunAsync(
        ReadOnlyMemory<byte> bytes, int chunk = int.MaxValue, WebSocketProtocolOptions? options = null, DeflateSession? deflate = null)
    {
        using var socket = new MemorySocket(options, deflate);
        var receiving = ReceiveAllAsync(socket);
        await socket.SendAsync(bytes, chunk);
        socket.Finish();
        var received = await receiving;
        return new Conversation(received, socket.Sent(), socket.Pool.Largest);
    }

    public static Task<Conversation> RunAsync(params ClientFrame[] frames) => RunAsync(Bytes(frames));

    public static byte[] Bytes(params ClientFrame[] frames) => [.. frames.SelectMany(frame => frame.ToBytes())];

    /// <summary>However the bytes are cut, the hub refuses with this code, once, and says so in a close frame.</summary>
    public static async Task ShouldFailAsync(ushort code, string reason, ReadOnlyMemory<byte> bytes, WebSocketProtocolOptions? options = null, Func<DeflateSession?>? deflate = null)
    {
        foreach (var chunk in Chunkings)
        {
            var talk = await RunAsync(bytes, chunk, options, deflate?.Invoke());
            var failure = talk.Received[^1];
            failure.Kind.ShouldBe(ReceiveKind.Failure);
            failure.Reason.Code.ShouldBe(code);
            failure.Reason.Reason.ShouldBe(reason);
            var close = talk.Sent.ShouldHaveSingleItem();
            close.Opcode.ShouldBe(Verb.Gateway.WebSockets.Frames.Opcode.Close);
            close.CloseCode.ShouldBe(code);
        }
    }

    private static async Task<List<Received>> ReceiveAllAsync(MemorySocket socket)
    {
        var all = new List<Received>();
        while (true)
        {
            var received = await socket.ReceiveAsync();
            if (received.Kind == ReceiveKind.End)
                return all;
            all.Add(received);
            if (received.Kind is ReceiveKind.Close or ReceiveKind.Failure)
                socket.Connection.Close(received.Reason);
        }
    }
}
