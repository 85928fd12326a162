using System.Buffers.Binary;
using Verb.Actors.Delivery;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>A server's frames: never masked, never fragmented (RFC 6455 section 5.2).</summary>
internal static class FrameEncoder
{
    /// <summary>Two bytes and a 64-bit length.</summary>
    public const int LongestHeader = 10;

    private const byte Fin = 0x80;
    private const byte Rsv1 = 0x40;

    public static int HeaderSize(int payloadLength) => payloadLength switch
    {
        < 126 => 2,
        <= ushort.MaxValue => 4,
        _ => LongestHeader,
    };

    public static Opcode OpcodeOf(FrameKind kind) => kind == FrameKind.Text ? Opcode.Text : Opcode.Binary;

    /// <summary>Writes exactly <see cref="HeaderSize"/> bytes.</summary>
    public static void WriteHeader(Span<byte> destination, Opcode opcode, bool compressed, int payloadLength)
    {
        destination[0] = (byte)(Fin | (compressed ? Rsv1 : 0) | (byte)opcode);
        switch (HeaderSize(payloadLength))
        {
            case 2:
                destination[1] = (byte)payloadLength;
                break;
            case 4:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
                break;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(destination[2..], (ulong)payloadLength);
                break;
        }
    }

    /// <summary>A whole frame in one array.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> payload, Opcode opcode, bool compressed)
    {
        var header = HeaderSize(payload.Length);
        var frame = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        WriteHeader(frame, opcode, compressed, payload.Length);
        payload.CopyTo(frame.AsSpan(header));
        return frame;
    }
}
