using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

public class ControlFrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    public async Task Pings_and_pongs_arrive_with_their_payload(int length)
    {
        var payload = new byte[length];
        new Random(1).NextBytes(payload);
        foreach (var chunk in Conversation.Chunkings)
        {
            var talk = await Conversation.RunAsync(Conversation.Bytes(new(Opcode.Ping, payload), new(Opcode.Pong, payload)), chunk);
            talk.Received.Select(r => r.Kind).ShouldBe([ReceiveKind.Ping, ReceiveKind.Pong]);
            talk.Received.ShouldAllBe(r => r.Payload.SequenceEqual(payload));
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task A_control_frame_above_125_bytes_is_refused(int opcode)
    {
        foreach (var length in new[] { 126, 127, 65_536 })
            await Conversation.ShouldFailAsync(1002, "Control frame above 125 bytes", new ClientFrame((Opcode)opcode, new byte[length]).ToBytes());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public Task A_fragmented_control_frame_is_refused(int opcode) =>
        Conversation.ShouldFailAsync(1002, "Control frame fragmented", new ClientFrame((Opcode)opcode, [3, 232]).Unfinished().ToBytes());

    [Fact]
    public async Task Pings_and_pongs_are_sent()
    {
        using var socket = new MemorySocket();
        socket.Connection.Ping("a"u8.ToArray());
        socket.Connection.Pong(new byte[125]);
        (await socket.Connection.Flush()).ShouldBeTrue();

        var sent = socket.Sent();
        sent.Select(f => f.Opcode).ShouldBe([Opcode.Ping, Opcode.Pong]);
        sent[0].Text.ShouldBe("a");
        sent[1].Payload.Length.ShouldBe(125);
    }

    [Fact]
    public void A_ping_above_125_bytes_is_the_callers_mistake()
    {
        using var socket = new MemorySocket();
        Should.Throw<ArgumentOutOfRangeException>(() => socket.Connection.Ping(new byte[126]));
    }
}
