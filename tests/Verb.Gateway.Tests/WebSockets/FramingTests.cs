using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

public class FramingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(100_001)]
    public async Task Messages_of_every_length_size_arrive_however_they_are_cut(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        foreach (var chunk in Conversation.Chunkings.Where(c => c > 1 || length < 1000))
        {
            var talk = await Conversation.RunAsync(Conversation.Bytes(ClientFrame.Binary(payload), ClientFrame.Text("next")), chunk);
            talk.Received.Select(r => r.Kind).ShouldBe([ReceiveKind.Binary, ReceiveKind.Text]);
            talk.Received[0].Payload.SequenceEqual(payload).ShouldBeTrue();
            talk.Received[1].Text.ShouldBe("next");
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(0xFFFFFFFFu)]
    [InlineData(0x01020304u)]
    public async Task Any_mask_is_taken_off(uint mask) =>
        (await Conversation.RunAsync(ClientFrame.Text("masked well enough") with { Mask = mask })).Single.Text.ShouldBe("masked well enough");

    [Fact]
    public async Task A_whole_frame_in_one_segment_is_read_without_a_copy() =>
        (await Conversation.RunAsync(ClientFrame.Binary(new byte[500]))).LargestRent.ShouldBe(0);

    [Fact]
    public Task An_unmasked_frame_is_refused() =>
        Conversation.ShouldFailAsync(1002, "Frame not masked", (ClientFrame.Text("a") with { Masked = false }).ToBytes());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Reserved_bits_are_refused_on_every_opcode(int rsv)
    {
        foreach (var opcode in Enum.GetValues<Opcode>())
            await Conversation.ShouldFailAsync(1002, "Reserved bits set", new ClientFrame(opcode, [3, 232]) { Rsv = rsv }.ToBytes());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public async Task Unknown_opcodes_are_refused_with_and_without_payload(int opcode)
    {
        await Conversation.ShouldFailAsync(1002, "Unknown opcode", new ClientFrame((Opcode)opcode, []).ToBytes());
        await Conversation.ShouldFailAsync(1002, "Unknown opcode", new ClientFrame((Opcode)opcode, [1, 2, 3]).ToBytes());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(0, 8)]
    [InlineData(126, 8)]
    [InlineData(65_535, 8)]
    public Task A_length_that_is_not_minimal_is_refused(int length, int size) =>
        Conversation.ShouldFailAsync(1002, "Length not minimal", (ClientFrame.Binary(new byte[length]) with { LengthSize = size }).ToBytes());

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    public Task A_length_above_63_bits_is_refused(ulong length) =>
        Conversation.ShouldFailAsync(1002, "Length above 63 bits", (ClientFrame.Binary() with { AnnouncedLength = length, LengthSize = 8 }).ToBytes());

    [Fact]
    public async Task What_came_before_a_violation_is_delivered_and_nothing_after_it()
    {
        var talk = await Conversation.RunAsync(ClientFrame.Text("good"), ClientFrame.Text("bad") with { Rsv = 4 }, ClientFrame.Text("late"));
        talk.Received.Select(r => r.Kind).ShouldBe([ReceiveKind.Text, ReceiveKind.Failure]);
    }
}
