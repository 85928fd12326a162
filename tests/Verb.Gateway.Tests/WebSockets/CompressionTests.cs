using System.IO.Compression;
using System.Text;
using Verb.Actors.Delivery;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Deflate;
using Verb.Gateway.WebSockets.Frames;
using CompressionMode = Verb.Actors.Connections.CompressionMode;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>Frames against System.IO.Compression as the other side.</summary>
public class CompressionTests
{
    private static readonly string Prose = string.Concat(Enumerable.Range(0, 2000).Select(i => $"{{\"seq\":{i},\"price\":{i * 7919 % 1000}}} "));

    public static TheoryData<bool> Engines => [true, false];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Compressed_messages_are_inflated_however_they_are_cut_and_fragmented(bool zlib)
    {
        var deflated = Deflate(Prose);
        foreach (var cut in new[] { 0, 1, deflated.Length / 2, deflated.Length })
        foreach (var chunk in new[] { int.MaxValue, 5, 1000 })
        {
            var talk = await Conversation.RunAsync(
                Conversation.Bytes(
                    new ClientFrame(Opcode.Text, deflated[..cut]) { Rsv = 4, Fin = false }, ClientFrame.Ping(""),
                    new ClientFrame(Opcode.Continuation, deflated[cut..]), ClientFrame.Text("plain"), Compressed(Prose)),
                chunk, deflate: Session(CompressionMode.Shared, zlib));
            talk.Received.Select(r => r.Text).ShouldBe(["", Prose, "plain", Prose]);
        }
    }

    [Fact]
    public async Task A_kept_context_is_used_by_later_messages()
    {
        using var sink = new MemoryStream();
        using var deflater = new DeflateStream(sink, CompressionLevel.Optimal, leaveOpen: true);
        var frames = new List<ClientFrame>();
        for (var i = 0; i < 3; i++)
        {
            sink.SetLength(0);
            deflater.Write(Encoding.UTF8.GetBytes(Prose[..5000]));
            deflater.Flush();
            frames.Add(new ClientFrame(Opcode.Text, sink.ToArray()[..^4]) { Rsv = 4 });
        }

        frames[2].Payload.Length.ShouldBeLessThan(frames[0].Payload.Length / 4);
        var talk = await Conversation.RunAsync(Conversation.Bytes([.. frames]), deflate: Session(CompressionMode.Dedicated, zlib: true));
        talk.Received.Select(r => r.Text).ShouldBe([Prose[..5000], Prose[..5000], Prose[..5000]]);
    }

    [Theory]
    [InlineData("00", "")]
    [InlineData("F248CDC9C90700", "Hello")]
    [InlineData("000500FAFF48656C6C6F00", "Hello")]
    [InlineData("F348CDC9C9070000", "Hello")]
    [InlineData("F24805000000FFFFCAC9C90700", "Hello")]
    public async Task The_examples_of_the_rfc_inflate(string hex, string text)
    {
        var frame = new ClientFrame(Opcode.Text, Convert.FromHexString(hex)) { Rsv = 4 };
        foreach (var mode in new[] { CompressionMode.Shared, CompressionMode.Dedicated })
        {
            var talk = await Conversation.RunAsync(Conversation.Bytes(frame, frame), deflate: Session(mode, zlib: true));
            talk.Received.Select(r => r.Text).ShouldBe([text, text]);
        }
    }

    [Theory]
    [InlineData("FFFFFFFFFF")]
    [InlineData("07")]
    [InlineData("000500FAFF4865")]
    [InlineData("F248CDC9")]
    public Task Damaged_compression_is_refused(string hex) => Conversation.ShouldFailAsync(
        1007, "Compressed message damaged", new ClientFrame(Opcode.Binary, Convert.FromHexString(hex)) { Rsv = 4 }.ToBytes(),
        deflate: () => Session(CompressionMode.Shared, zlib: true));

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_bomb_is_refused_while_it_inflates(bool zlib)
    {
        var options = new WebSocketProtocolOptions { MaxMessageBytes = 100_000 };
        var bomb = new ClientFrame(Opcode.Binary, Deflate(new byte[50_000_000])) { Rsv = 4 };
        await Conversation.ShouldFailAsync(1009, "Message too big", bomb.ToBytes(), options, () => Session(CompressionMode.Shared, zlib));

        var talk = await Conversation.RunAsync(bomb.ToBytes(), options: options, deflate: Session(CompressionMode.Shared, zlib));
        talk.LargestRent.ShouldBeLessThan(300_000);
        var exact = new ClientFrame(Opcode.Binary, Deflate(new byte[100_000])) { Rsv = 4 };
        (await Conversation.RunAsync(exact.ToBytes(), options: options, deflate: Session(CompressionMode.Shared, zlib))).Single.Payload.Length.ShouldBe(100_000);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Of_a_text_beyond_its_limit_nothing_more_is_inflated_where_no_context_is_kept(bool zlib)
    {
        var options = new WebSocketProtocolOptions { MaxMessageBytes = 100_000, MaxTextBytes = 1000 };
        var bomb = new ClientFrame(Opcode.Text, Deflate(new string('x', 50_000_000))) { Rsv = 4 };
        foreach (var chunk in Conversation.Chunkings)
        {
            var talk = await Conversation.RunAsync(
                Conversation.Bytes(bomb, Compressed(Prose[..1000]), Compressed(Prose[..1001])), chunk, options, Session(CompressionMode.Shared, zlib));
            talk.Received.Select(r => r.Kind).ShouldBe([ReceiveKind.TooLarge, ReceiveKind.Text, ReceiveKind.TooLarge]);
            talk.Received.Select(r => r.Text).ShouldBe([new string('x', 1000), Prose[..1000], Prose[..1000]]);
            talk.Received[0].Skipped.ShouldBeInRange(1, bomb.Payload.Length);
            talk.LargestRent.ShouldBeLessThan(chunk == int.MaxValue ? 300_000 : 10_000);
        }
    }

    [Fact]
    public async Task What_is_skipped_of_a_text_stays_part_of_a_kept_context()
    {
        var options = new WebSocketProtocolOptions { MaxMessageBytes = 60_000, MaxTextBytes = 1000 };
        using var sink = new MemoryStream();
        using var deflater = new DeflateStream(sink, CompressionLevel.Optimal, leaveOpen: true);
        var frames = new List<ClientFrame>();
        foreach (var text in new[] { Prose[..30_000], Prose[29_000..30_000], new string('x', 1_000_000) })
        {
            sink.SetLength(0);
            deflater.Write(Encoding.UTF8.GetBytes(text));
            deflater.Flush();
            frames.Add(new ClientFrame(Opcode.Text, sink.ToArray()[..^4]) { Rsv = 4 });
        }

        frames[1].Payload.Length.ShouldBeLessThan(30); // It reaches back into what was skipped.
        foreach (var chunk in Conversation.Chunkings)
        {
            var talk = await Conversation.RunAsync(Conversation.Bytes([.. frames]), chunk, options, Session(CompressionMode.Dedicated, zlib: true));
            talk.Received.Select(r => r.Kind).ShouldBe([ReceiveKind.TooLarge, ReceiveKind.Text, ReceiveKind.Failure]);
            talk.Received[0].Skipped.ShouldBe(29_000);
            talk.Received[1].Text.ShouldBe(Prose[29_000..30_000]);
            talk.Received[2].Reason.Code.ShouldBe((ushort)1009); // Inflating ends with the limit of the message.
            talk.LargestRent.ShouldBeLessThan(100_000);
        }
    }

    [Fact]
    public Task A_compressed_message_above_its_own_cap_is_refused() => Conversation.ShouldFailAsync(
        1009, "Message too big",
        Conversation.Bytes(new ClientFrame(Opcode.Binary, Deflate(Prose)[..60]) { Rsv = 4, Fin = false }, new ClientFrame(Opcode.Continuation, new byte[41])),
        new WebSocketProtocolOptions { MaxCompressedBytes = 100 }, () => Session(CompressionMode.Shared, zlib: false));

    [Fact]
    public Task Inflated_text_must_be_utf_8() => Conversation.ShouldFailAsync(
        1007, "Text is not UTF-8", new ClientFrame(Opcode.Text, Deflate([0x41, 0xC3])) { Rsv = 4 }.ToBytes(), deflate: () => Session(CompressionMode.Shared, zlib: true));

    [Fact]
    public Task Rsv1_on_a_continuation_is_refused() => Conversation.ShouldFailAsync(
        1002, "Reserved bits set",
        Conversation.Bytes(new ClientFrame(Opcode.Text, [0]) { Rsv = 4, Fin = false }, new ClientFrame(Opcode.Continuation, [0]) { Rsv = 4 }),
        deflate: () => Session(CompressionMode.Shared, zlib: true));

    [Fact]
    public Task Rsv1_on_a_control_frame_is_refused() => Conversation.ShouldFailAsync(
        1002, "Reserved bits set", (ClientFrame.Ping("") with { Rsv = 4 }).ToBytes(), deflate: () => Session(CompressionMode.Shared, zlib: true));

    [Theory]
    [MemberData(nameof(Engines))]
    public void Shared_messages_are_deflated_once_and_inflate_alone(bool zlib)
    {
        var format = Session(CompressionMode.Shared, zlib).Format;
        var message = new Outgoing(Encoding.UTF8.GetBytes(Prose), FrameKind.Text);
        var encoded = message.Encoded(format);
        message.Encoded(format).ShouldBe(encoded);

        for (var i = 0; i < 3; i++)
        {
            var frame = ServerFrame.ReadAll(format.Encode(message.Payload.Span, FrameKind.Text)).ShouldHaveSingleItem();
            frame.Compressed.ShouldBeTrue();
            frame.Payload.Length.ShouldBeLessThan(Prose.Length / 3);
            Encoding.UTF8.GetString(Inflate(frame.Payload)).ShouldBe(Prose);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_dedicated_context_makes_the_second_message_smaller(bool zlib)
    {
        using var socket = new MemorySocket(deflate: Session(CompressionMode.Dedicated, zlib));
        var part = new Outgoing(Encoding.UTF8.GetBytes(Prose[..2000]), FrameKind.Text);
        socket.Connection.Write(Outgoing.Join([part, part]));
        (await socket.Connection.Flush()).ShouldBeTrue();

        var frames = socket.Sent();
        frames.Count.ShouldBe(2);
        frames[1].Payload.Length.ShouldBeLessThan(frames[0].Payload.Length / 4);
        Encoding.UTF8.GetString(Inflate([.. frames[0].Payload, 0, 0, 0xFF, 0xFF, .. frames[1].Payload])).ShouldBe(Prose[..2000] + Prose[..2000]);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(15)]
    public void No_distance_reaches_beyond_the_window_asked_for(int bits)
    {
        using var deflater = DeflateEngine.Default.CreateDeflater(bits, keepContext: true);
        var output = new PooledBuffer(new CountingPool());
        var random = new Random(bits);
        var block = new byte[(1 << bits) - 300 > 0 ? (1 << bits) + 10 : 300];
        random.NextBytes(block);
        deflater.Deflate([.. block, .. block, .. block], output);

        using var inflater = new SmallWindowInflater(Zlib.Loaded!, Math.Max(8, bits));
        inflater.Inflate(output.Written.ToArray()).ShouldBe([.. block, .. block, .. block]);
        output.Release();
    }

    [Theory]
    [InlineData(CompressionMode.Shared, false)]
    [InlineData(CompressionMode.Dedicated, false)]
    [InlineData(CompressionMode.Dedicated, true)]
    public void A_route_with_a_small_window_reaches_back_no_further(CompressionMode mode, bool noContext)
    {
        var format = Session(new() { Compression = mode, ServerMaxWindowBits = 9, ServerNoContextTakeover = noContext }).Format;
        var block = Noise(800);
        using var inflater = new SmallWindowInflater(Zlib.Loaded!, 9);
        for (var i = 0; i < 3; i++)
        {
            var frame = ServerFrame.ReadAll(format.Encode([.. block, .. new byte[500], .. block], FrameKind.Binary)).ShouldHaveSingleItem();
            frame.Compressed.ShouldBeTrue();
            inflater.Inflate([.. frame.Payload, 0, 0, 0xFF, 0xFF]).ShouldBe([.. block, .. new byte[500], .. block]);
        }

        (format as IDisposable)?.Dispose();
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(9, false)]
    public async Task A_client_that_reaches_back_beyond_its_window_is_refused(int bits, bool isValid)
    {
        var block = Noise(800);
        using var sink = new MemoryStream();
        using var deflater = new DeflateStream(sink, CompressionLevel.Optimal, leaveOpen: true);
        var frames = new List<ClientFrame>();
        foreach (var payload in new[] { block, Noise(5000), block })
        {
            sink.SetLength(0);
            deflater.Write(payload);
            deflater.Flush();
            frames.Add(new ClientFrame(Opcode.Binary, sink.ToArray()[..^4]) { Rsv = 4 });
        }

        frames[2].Payload.Length.ShouldBeLessThan(200);
        var session = Session(new() { Compression = CompressionMode.Dedicated, ClientMaxWindowBits = bits }, "client_max_window_bits");
        var last = (await Conversation.RunAsync(Conversation.Bytes([.. frames]), deflate: session)).Received[2];
        if (isValid)
            last.Payload.ShouldBe(block);
        else
            last.Reason.Code.ShouldBe((ushort)1007);
    }

    [Fact]
    public void Short_messages_and_those_that_do_not_shrink_are_sent_plain()
    {
        var format = Session(CompressionMode.Shared, zlib: true).Format;
        ServerFrame.ReadAll(format.Encode(new byte[255], FrameKind.Binary)).Single().Compressed.ShouldBeFalse();
        ServerFrame.ReadAll(format.Encode(new byte[256], FrameKind.Binary)).Single().Compressed.ShouldBeTrue();
        ServerFrame.ReadAll(format.Encode(Noise(1000), FrameKind.Binary)).Single().Compressed.ShouldBeFalse();
        ServerFrame.ReadAll(format.Encode([], FrameKind.Text)).Single().Payload.ShouldBeEmpty();
    }

    private static DeflateSession Session(CompressionMode mode, bool zlib) =>
        new DeflateNegotiator(new WebSocketProtocolOptions { Compression = mode }, zlib ? DeflateEngine.Default : new StreamEngine())
            .Negotiate([new ExtensionOffer("permessage-deflate", [])])!;

    private static DeflateSession Session(WebSocketProtocolOptions options, params string[] parameters) =>
        new DeflateNegotiator(options).Negotiate([new ExtensionOffer("permessage-deflate", [.. parameters.Select(name => KeyValuePair.Create(name, (string?)null))])])!;

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return noise;
    }

    private static ClientFrame Compressed(string text) => new(Opcode.Text, Deflate(text)) { Rsv = 4 };

    private static byte[] Deflate(string text) => Deflate(Encoding.UTF8.GetBytes(text));

    private static byte[] Deflate(byte[] payload)
    {
        using var sink = new MemoryStream();
        using var stream = new DeflateStream(sink, CompressionLevel.Optimal, leaveOpen: true);
        stream.Write(payload);
        stream.Flush();
        return sink.ToArray()[..^4];
    }

    private static byte[] Inflate(byte[] payload)
    {
        using var stream = new DeflateStream(new MemoryStream([.. payload, 0, 0, 0xFF, 0xFF]), System.IO.Compression.CompressionMode.Decompress);
        using var result = new MemoryStream();
        stream.CopyTo(result);
        return result.ToArray();
    }
}
