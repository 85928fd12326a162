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
    public async Task Of_a_text_beyond_its_limit_the_beginning_is_kept_however_it_is_cut()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => (char)('a' + (i % 26))));
        foreach (var frames in new ClientFrame[][]
        {
            [ClientFrame.Text(text)],
            [ClientFrame.Text(text[..99]).Unfinished(), ClientFrame.Ping(""), ClientFrame.Continuation(text[99..], fin: true)],
            [ClientFrame.Text(text[..150]).Unfinished(), ClientFrame.Continuation(text[150..299], fin: false), ClientFrame.Continuation(text[299..], fin: true)],
        })
        foreach (var chunk in Conversation.Chunkings)
        {
            var talk = await Conversation.RunAsync(
                Conversation.Bytes([.. frames, ClientFrame.Text(text[..100]), ClientFrame.Binary(new byte[300])]), chunk, Small with { MaxTextBytes = 100 });
            var received = talk.Received.Where(r => r.Kind != ReceiveKind.Ping).ToList();
            received.Select(r => (r.Kind, r.Payload.Length, r.Skipped)).ShouldBe(
                [(ReceiveKind.TooLarge, 100, 200), (ReceiveKind.Text, 100, 0), (ReceiveKind.Binary, 300, 0)]);
            received[0].Text.ShouldBe(text[..100]);
            talk.LargestRent.ShouldBeLessThan(600);
        }
    }

    [Fact]
    public async Task What_is_skipped_counts_against_the_message_limit()
    {
        var options = Small with { MaxTextBytes = 100 };
        var text = new string('x', 1000);
        (await Conversation.RunAsync(Conversation.Bytes(ClientFrame.Text(text)), options: options)).Single.Skipped.ShouldBe(900);
        await Conversation.ShouldFailAsync(1009, "Message too big", ClientFrame.Text(text + "x").ToBytes(), options);
        await Conversation.ShouldFailAsync(
            1009, "Message too big", Conversation.Bytes(ClientFrame.Text(text).Unfinished(), ClientFrame.Continuation("x", fin: true)), options);
    }

    [Fact]
    public async Task Of_a_text_beyond_its_limit_only_what_is_kept_must_be_utf_8()
    {
        var options = Small with { MaxTextBytes = 10 };
        byte[] split = [.. "123456789"u8, 0xC3, 0xA4, 0xFF];
        (await Conversation.RunAsync(Conversation.Bytes(new ClientFrame(Opcode.Text, split)), options: options)).Single.Payload.ShouldBe(split[..10]);
        await Conversation.ShouldFailAsync(
            1007, "Text is not UTF-8", new ClientFrame(Opcode.Text, [.. "12345678"u8, 0xFF, .. "the rest"u8]).ToBytes(), options);
    }

    [Fact]
    public async Task A_strangers_binary_messages_may_be_no_larger_than_text()
    {
        using var socket = new MemorySocket(Small with { MaxTextBytes = 100 });
        socket.Connection.IsPeerKnown = false;
        await socket.SendAsync(ClientFrame.Binary(new byte[101]), ClientFrame.Binary(new byte[100]));
        var refused = await socket.ReceiveAsync();
        (refused.Kind, refused.Payload.Length, refused.Skipped).ShouldBe((ReceiveKind.TooLarge, 100, 1));
        (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.Binary);

        socket.Connection.IsPeerKnown = true;
        await socket.SendAsync(ClientFrame.Binary(new byte[101]));
        (await socket.ReceiveAsync()).Payload.Length.ShouldBe(101);
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
