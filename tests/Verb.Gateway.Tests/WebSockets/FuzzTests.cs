using Verb.Actors.Connections;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Deflate;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>Random and mutated streams: always a defined answer, no buffer left. A failure names its seed.</summary>
public class FuzzTests
{
    private const int Cases = 12_000;
    private static readonly ushort[] Codes = [1001, 1002, 1007, 1009];
    private static readonly WebSocketProtocolOptions Options = new() { MaxMessageBytes = 5_000, MaxCompressedBytes = 3_000, CompressionThreshold = 1 };

    [Fact]
    public async Task Whatever_comes_the_answer_is_defined_and_nothing_leaks()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var bytes = Stream(new Random(seed));
            var talks = new List<Conversation>();
            foreach (var chunk in new[] { int.MaxValue, 1 + (seed % 17) })
            {
                // The stream is read in place, so each run has its own.
                var talk = await Conversation.RunAsync(bytes.ToArray(), chunk, Options, Deflate(seed)).WaitAsync(TimeSpan.FromSeconds(30));
                ShouldBeDefined(talk, seed);
                talks.Add(talk);
            }

            talks[1].Received.Select(Summary).ShouldBe(talks[0].Received.Select(Summary), $"seed {seed}: the cut changes nothing");
        }
    }

    private static void ShouldBeDefined(Conversation talk, int seed)
    {
        for (var i = 0; i < talk.Received.Count; i++)
        {
            var received = talk.Received[i];
            var isLast = i == talk.Received.Count - 1;
            (received.Kind is not (ReceiveKind.Close or ReceiveKind.Failure) || isLast).ShouldBeTrue($"seed {seed}: nothing comes behind an end");
            received.Payload.Length.ShouldBeLessThanOrEqualTo(Options.MaxMessageBytes, $"seed {seed}");
            if (received.Kind == ReceiveKind.Text)
                System.Text.Unicode.Utf8.IsValid(received.Payload).ShouldBeTrue($"seed {seed}");
            if (received.Kind == ReceiveKind.Failure)
                Codes.ShouldContain(received.Reason.Code, $"seed {seed}");
        }

        var closes = talk.Received.Count(r => r.Kind is ReceiveKind.Close or ReceiveKind.Failure);
        talk.Sent.Count.ShouldBe(closes, $"seed {seed}: each end is answered once");
    }

    private static string Summary(Received received) => $"{received.Kind} {received.Reason} {Convert.ToHexString(received.Payload)}";

    private static DeflateSession? Deflate(int seed) => (seed % 3) switch
    {
        0 => null,
        1 => Negotiate(CompressionMode.Shared),
        _ => Negotiate(CompressionMode.Dedicated),
    };

    private static DeflateSession? Negotiate(CompressionMode mode) =>
        new DeflateNegotiator(Options with { Compression = mode }).Negotiate([new ExtensionOffer("permessage-deflate", [])]);

    private static byte[] Stream(Random random)
    {
        if (random.Next(10) == 0)
            return Noise(random, random.Next(200));

        var bytes = new List<byte>();
        var inside = false;
        for (var i = random.Next(1, 8); i > 0; i--)
            bytes.AddRange(Frame(random, ref inside).ToBytes());

        for (var mutations = random.Next(3); mutations > 0 && bytes.Count > 0; mutations--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(5), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, Noise(random, random.Next(5)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static ClientFrame Frame(Random random, ref bool inside)
    {
        var mask = (uint)random.NextInt64(uint.MaxValue);
        switch (random.Next(12))
        {
            case 0:
                return new ClientFrame((Opcode)random.Next(16), Noise(random, random.Next(130))) { Mask = mask, Rsv = random.Next(8), Fin = random.Next(2) == 0 };
            case 1:
                return ClientFrame.Close(random.Next(990, 1020), "bye") with { Mask = mask };
            case 2 or 3:
                return new ClientFrame(random.Next(2) == 0 ? Opcode.Ping : Opcode.Pong, Noise(random, random.Next(126))) { Mask = mask };
        }

        var opcode = inside ? Opcode.Continuation : random.Next(2) == 0 ? Opcode.Text : Opcode.Binary;
        var rsv = !inside && random.Next(3) == 0 ? 4 : 0;
        inside = random.Next(3) == 0;
        return new ClientFrame(opcode, Payload(random, opcode, rsv)) { Mask = mask, Fin = !inside, Rsv = rsv };
    }

    private static byte[] Payload(Random random, Opcode opcode, int rsv)
    {
        var payload = opcode == Opcode.Binary ? Noise(random, random.Next(300)) : System.Text.Encoding.UTF8.GetBytes(new string('é', random.Next(200)));
        if (rsv == 0 || payload.Length == 0)
            return payload;

        using var sink = new MemoryStream();
        using var deflate = new System.IO.Compression.DeflateStream(sink, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true);
        for (var repeat = random.Next(20) == 0 ? 50 : 1; repeat > 0; repeat--)
            deflate.Write(payload);
        deflate.Flush();
        return sink.ToArray()[..^4];
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
