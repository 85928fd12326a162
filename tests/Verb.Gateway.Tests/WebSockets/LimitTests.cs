using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

public class LimitTests
{
    private static readonly WebSocketProtocolOptions Small = new() { MaxMessageBytes = 1000 };

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_delivered()
    {
        foreach (var frames in new ClientFrame[][]
        {
            [ClientFrame.Binary(new byte[1000])],
            [ClientFrame.Binary(new byte[999]).Unfinished(), ClientFrame.Continuation("x", fin: true)],
        })
        {
            (await Conversation.RunAsync(Conversation.Bytes(frames), options: Small)).Single.Payload.Length.ShouldBe(1000);
        }
    }

    [Fact]
    public async Task A_longer_one_is_refused()
    {
        await Conversation.ShouldFailAsync(1009, "Message too big", ClientFrame.Binary(new byte[1001]).ToBytes(), Small);
        await Conversation.ShouldFailAsync(
            1009, "Message too big", Conversation.Bytes(ClientFrame.Binary(new byte[1000]).Unfinished(), ClientFrame.Continuation("x", fin: true)), Small);
    }

    [Theory]
    [InlineData(1001ul)]
    [InlineData(ulong.MaxValue >> 1)]
    public async Task The_announced_length_is_enough_to_refuse(ulong length)
    {
        using var socket = new MemorySocket(Small);
        var header = (ClientFrame.Binary() with { AnnouncedLength = length }).ToBytes();
        await socket.SendAsync(header);
        (await socket.ReceiveAsync()).Reason.Code.ShouldBe((ushort)1009);
    }

    [Fact]
    public async Task Memory_is_rented_for_what_came_and_not_for_what_was_announced()
    {
        using var socket = new MemorySocket();
        var receiving = socket.ReceiveAsync();
        await socket.SendAsync((new ClientFrame(Opcode.Binary, new byte[100]) with { AnnouncedLength = 16 * 1024 * 1024 }).ToBytes());
        socket.Pool.Largest.ShouldBeInRange(100, 1000);
        socket.Finish();
        (await receiving).Kind.ShouldBe(ReceiveKind.End);
    }

    [Fact]
    public async Task Nothing_is_rented_between_messages()
    {
        using var socket = new MemorySocket();
        await socket.SendAsync(ClientFrame.Text("a").Unfinished(), ClientFrame.Continuation("b", fin: true));
        (await socket.ReceiveAsync()).Text.ShouldBe("ab");
        socket.Pool.Outstanding.ShouldBe(1);

        var receiving = socket.ReceiveAsync();
        socket.Pool.Outstanding.ShouldBe(0);
        socket.Finish();
        await receiving;
    }
}
