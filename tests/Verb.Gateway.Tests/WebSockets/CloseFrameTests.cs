using System.Text;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

public class CloseFrameTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1002)]
    [InlineData(1003)]
    [InlineData(1007)]
    [InlineData(1008)]
    [InlineData(1009)]
    [InlineData(1010)]
    [InlineData(1011)]
    [InlineData(1012)]
    [InlineData(1013)]
    [InlineData(1014)]
    [InlineData(3000)]
    [InlineData(3999)]
    [InlineData(4000)]
    [InlineData(4999)]
    public async Task A_valid_code_is_delivered_and_answered(int code)
    {
        var talk = await Conversation.RunAsync(ClientFrame.Close(code, "why not ✓"), ClientFrame.Text("late"));
        talk.Single.Kind.ShouldBe(ReceiveKind.Close);
        talk.Single.Reason.Code.ShouldBe((ushort)code);
        talk.Single.Reason.Reason.ShouldBe("why not ✓");
        talk.Sent.ShouldHaveSingleItem().CloseCode.ShouldBe((ushort)code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1004)]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(1015)]
    [InlineData(1016)]
    [InlineData(1100)]
    [InlineData(2000)]
    [InlineData(2999)]
    [InlineData(5000)]
    [InlineData(65535)]
    public Task An_invalid_code_is_refused(int code) => Conversation.ShouldFailAsync(1002, "Invalid close code", ClientFrame.Close(code).ToBytes());

    [Fact]
    public async Task A_close_without_a_code_is_answered_without_one()
    {
        var talk = await Conversation.RunAsync(new ClientFrame(Opcode.Close, []));
        talk.Single.Reason.Code.ShouldBe((ushort)1005);
        talk.Sent.ShouldHaveSingleItem().Payload.ShouldBeEmpty();
    }

    [Fact]
    public Task A_payload_of_one_byte_is_refused() =>
        Conversation.ShouldFailAsync(1002, "Close payload of one byte", new ClientFrame(Opcode.Close, [3]).ToBytes());

    [Fact]
    public Task A_reason_that_is_not_utf_8_is_refused() =>
        Conversation.ShouldFailAsync(1007, "Close reason is not UTF-8", new ClientFrame(Opcode.Close, [3, 232, 0xCE, 0xBA, 0xED, 0xA0, 0x80]).ToBytes());

    [Fact]
    public async Task A_reason_of_123_bytes_is_delivered() =>
        (await Conversation.RunAsync(ClientFrame.Close(1000, new string('*', 123)))).Single.Reason.Reason.Length.ShouldBe(123);

    [Fact]
    public async Task A_close_inside_a_fragmented_message_ends_it()
    {
        var talk = await Conversation.RunAsync(ClientFrame.Text("half").Unfinished(), ClientFrame.Close(1000), ClientFrame.Continuation("late", fin: true));
        talk.Single.Kind.ShouldBe(ReceiveKind.Close);
    }

    [Fact]
    public void A_reason_that_is_too_long_is_cut_between_characters()
    {
        Span<byte> payload = stackalloc byte[125];
        var length = ClosePayload.Write(new(1000, new string('€', 100)), payload);
        length.ShouldBe(2 + (41 * 3));
        Encoding.UTF8.GetString(payload[2..length]).ShouldBe(new string('€', 41));
    }
}
