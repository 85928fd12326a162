using System.Runtime.InteropServices;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

public class MaskTests
{
    [Fact]
    public void A_mask_applied_in_pieces_equals_the_bytewise_definition()
    {
        var random = new Random(3);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[random.Next(300)];
            var key = new byte[4];
            random.NextBytes(bytes);
            random.NextBytes(key);
            var expected = bytes.Select((b, i) => (byte)(b ^ key[i % 4])).ToArray();

            var mask = MemoryMarshal.Read<uint>(key);
            for (var at = 0; at < bytes.Length;)
            {
                var size = random.Next(1, bytes.Length - at + 1);
                mask = Mask.Apply(bytes.AsSpan(at, size), mask);
                at += size;
            }

            bytes.ShouldBe(expected);
        }
    }
}
