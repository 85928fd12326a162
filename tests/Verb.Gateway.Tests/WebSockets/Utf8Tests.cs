using System.Text;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

public class Utf8Tests
{
    public static TheoryData<string> Valid => [.. ValidTexts];

    public static TheoryData<string> Invalid => [.. InvalidTexts];

    private static string[] ValidTexts =>
    [
        "48656C6C6F", "CEBAE1BDB9CF83CEBCCEB5", "00", "C280", "E0A080", "F0908080", "7F", "DFBF", "EFBFBF", "F48FBFBF", "ED9FBF", "EE8080", "EFBFBD",
        "EFBFBE", "F09FBFBE",
    ];

    private static string[] InvalidTexts =>
    [
        "CEBAE1BDB9CF83CEBCCEB5EDA080656469746564", "F8888080", "FC84808080", "80", "BF", "8080", "C3", "CE", "E1BD", "F0908D", "C0AF", "E080AF", "F08080AF",
        "C1BF", "E09FBF", "F08FBFBF", "F4908080", "F7BFBFBF", "FE", "FF", "FEFEFFFF", "EDA080", "EDBFBF", "EDA081EDB080", "C3C3", "E1BD41", "F0908D41",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task Valid_text_is_delivered_however_it_is_cut_and_fragmented(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        foreach (var frames in Fragmentations(bytes))
        foreach (var chunk in Conversation.Chunkings)
            (await Conversation.RunAsync(Conversation.Bytes(frames), chunk)).Single.Payload.ShouldBe(bytes);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Invalid_text_is_refused_however_it_is_cut_and_fragmented(string hex)
    {
        foreach (var frames in Fragmentations(Convert.FromHexString(hex)))
            await Conversation.ShouldFailAsync(1007, "Text is not UTF-8", Conversation.Bytes(frames));
    }

    [Theory]
    [InlineData("CEBAE1BDB9CF83CEBCCEB5F4", "90")]
    [InlineData("E0", "80")]
    [InlineData("ED", "A0")]
    [InlineData("F0", "8F")]
    [InlineData("61", "FF")]
    [InlineData("C3", "28")]
    public async Task Text_is_refused_at_the_first_byte_that_spoils_it(string good, string bad)
    {
        using var socket = new MemorySocket();
        var frame = new ClientFrame(Opcode.Text, [.. Convert.FromHexString(good), .. Convert.FromHexString(bad), 0x80, 0x80, 0x41, 0x41]).ToBytes();
        var spoiled = frame.Length - 4;
        var receiving = socket.ReceiveAsync();

        await socket.SendAsync(frame.AsMemory(0, spoiled - 1));
        receiving.IsCompleted.ShouldBeFalse();
        await socket.SendAsync(frame.AsMemory(spoiled - 1, 1));

        receiving.IsCompleted.ShouldBeTrue();
        (await receiving).Reason.Code.ShouldBe((ushort)1007);
    }

    [Fact]
    public async Task Binary_is_not_looked_at() =>
        (await Conversation.RunAsync(ClientFrame.Binary(0xFF, 0xFE))).Single.Payload.ShouldBe([0xFF, 0xFE]);

    [Fact]
    public async Task Validation_can_be_turned_off()
    {
        var options = new WebSocketProtocolOptions { ValidateUtf8 = false };
        foreach (var frames in Fragmentations([0xFF, 0xFE, 0xC3]))
            (await Conversation.RunAsync(Conversation.Bytes(frames), options: options)).Single.Payload.ShouldBe([0xFF, 0xFE, 0xC3]);
    }

    [Fact]
    public void Pieces_are_judged_like_the_whole()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = RandomText(random);
            var stream = new Utf8Stream();
            var accepted = true;
            for (var at = 0; at < bytes.Length && accepted;)
            {
                var size = random.Next(0, Math.Min(40, bytes.Length - at) + 1);
                accepted = stream.Append(bytes.AsSpan(at, size));
                at += size;
            }

            (accepted && stream.IsComplete).ShouldBe(System.Text.Unicode.Utf8.IsValid(bytes), Convert.ToHexString(bytes));
        }
    }

    private static byte[] RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(30); i > 0; i--)
            text.Append(new Rune(random.Next(4) switch { 0 => random.Next(0x80), 1 => random.Next(0x80, 0x800), 2 => random.Next(0xE000, 0x10000), _ => random.Next(0x10000, 0x110000) }));
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (bytes.Length > 0 && random.Next(2) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static IEnumerable<ClientFrame[]> Fragmentations(byte[] bytes)
    {
        yield return [new ClientFrame(Opcode.Text, bytes)];
        for (var cut = 0; cut <= bytes.Length; cut++)
            yield return [new ClientFrame(Opcode.Text, bytes[..cut]).Unfinished(), new ClientFrame(Opcode.Continuation, bytes[cut..])];
    }
}
