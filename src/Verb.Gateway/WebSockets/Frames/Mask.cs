using System.Numerics;
using System.Runtime.InteropServices;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>The client's XOR mask (RFC 6455 section 5.3). The key is the four bytes as they lie in memory.</summary>
internal static class Mask
{
    /// <summary>Applies the mask in place and gives the key for the byte that follows.</summary>
    public static uint Apply(Span<byte> bytes, uint key)
    {
        if (key == 0)
            return 0;

        var rest = bytes;
        if (Vector.IsHardwareAccelerated && rest.Length >= Vector<byte>.Count)
        {
            var wide = Vector.AsVectorByte(new Vector<uint>(key));
            do
            {
                (new Vector<byte>(rest) ^ wide).CopyTo(rest);
                rest = rest[Vector<byte>.Count..];
            }
            while (rest.Length >= Vector<byte>.Count);
        }

        var words = MemoryMarshal.Cast<byte, uint>(rest);
        for (var i = 0; i < words.Length; i++)
            words[i] ^= key;

        rest = rest[(words.Length * sizeof(uint))..];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] ^= FirstByte(key);
            key = Next(key, 1);
        }

        return key;
    }

    private static byte FirstByte(uint key) => (byte)(BitConverter.IsLittleEndian ? key : key >> 24);

    private static uint Next(uint key, int bytes) =>
        BitConverter.IsLittleEndian ? BitOperations.RotateRight(key, bytes * 8) : BitOperations.RotateLeft(key, bytes * 8);
}
