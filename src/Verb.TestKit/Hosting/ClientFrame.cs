using System.Buffers.Binary;

namespace Verb.TestKit.Hosting;

/// <summary>Encodes a client's frames: masked, in the shortest form (RFC 6455, section 5.2).</summary>
internal static class ClientFrame
{
    private const int MaskBytes = 4;
    private const byte Final = 0x80;
    private const byte Masked = 0x80;

    public static byte Opcode(SocketMessageKind kind) => kind switch
    {
        SocketMessageKind.Text => 1,
        SocketMessageKind.Binary => 2,
        SocketMessageKind.Close => 8,
        SocketMessageKind.Ping => 9,
        SocketMessageKind.Pong => 10,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind is no frame."),
    };

    public static byte[] Encode(SocketMessageKind kind, ReadOnlySpan<byte> payload)
    {
        var lengthBytes = payload.Length switch { < 126 => 0, <= ushort.MaxValue => 2, _ => 8 };
        var frame = new byte[2 + lengthBytes + MaskBytes + payload.Length];
        frame[0] = (byte)(Final | Opcode(kind));
        switch (lengthBytes)
        {
            case 0:
                frame[1] = (byte)(Masked | payload.Length);
                break;
            case 2:
                frame[1] = Masked | 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                frame[1] = Masked | 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
                break;
        }

        var mask = frame.AsSpan(2 + lengthBytes, MaskBytes);
        Random.Shared.NextBytes(mask);
        var body = frame.AsSpan(2 + lengthBytes + MaskBytes);
        for (var i = 0; i < payload.Length; i++)
            body[i] = (byte)(payload[i] ^ mask[i % MaskBytes]);
        return frame;
    }
}
