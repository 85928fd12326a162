using System.Buffers.Binary;
using System.Text;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>A frame as the client sees it. Reading one checks what every server frame must hold.</summary>
internal sealed record ServerFrame(Opcode Opcode, bool Compressed, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    public ushort CloseCode => Payload.Length == 0 ? (ushort)1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);

    public static List<ServerFrame> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<ServerFrame>();
        while (!bytes.IsEmpty)
        {
            (bytes[0] & 0xB0).ShouldBe(0x80, "FIN alone beside RSV1");
            (bytes[1] & 0x80).ShouldBe(0, "a server never masks");
            var size = bytes[1] switch { 126 => 2, 127 => 8, _ => 0 };
            var length = size switch
            {
                0 => bytes[1],
                2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
                _ => (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            };
            (size == 0 || length > (size == 2 ? 125 : ushort.MaxValue)).ShouldBeTrue("the length is minimal");
            frames.Add(new ServerFrame((Opcode)(bytes[0] & 0x0F), (bytes[0] & 0x40) != 0, bytes.Slice(2 + size, length).ToArray()));
            bytes = bytes[(2 + size + length)..];
        }

        return frames;
    }
}
