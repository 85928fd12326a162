using System.Buffers.Binary;
using System.Text;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>Frames as a client sends them, well-formed or with one thing wrong.</summary>
internal sealed record ClientFrame(Opcode Opcode, byte[] Payload)
{
    public bool Fin { get; init; } = true;

    public int Rsv { get; init; }

    public bool Masked { get; init; } = true;

    public uint Mask { get; init; } = 0xA1B2C3D4;

    /// <summary>0, 2 or 8 bytes of extended length; null: the shortest.</summary>
    public int? LengthSize { get; init; }

    public ulong? AnnouncedLength { get; init; }

    public static ClientFrame Text(string text) => new(Opcode.Text, Encoding.UTF8.GetBytes(text));

    public static ClientFrame Binary(params byte[] payload) => new(Opcode.Binary, payload);

    public static ClientFrame Ping(string payload) => new(Opcode.Ping, Encoding.UTF8.GetBytes(payload));

    public static ClientFrame Pong(string payload) => new(Opcode.Pong, Encoding.UTF8.GetBytes(payload));

    public static ClientFrame Continuation(string text, bool fin) => new(Opcode.Continuation, Encoding.UTF8.GetBytes(text)) { Fin = fin };

    public static ClientFrame Close(int code, string reason = "") => new(Opcode.Close, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    public ClientFrame Unfinished() => this with { Fin = false };

    public byte[] ToBytes()
    {
        var bytes = new List<byte> { (byte)((Fin ? 0x80 : 0) | (Rsv << 4) | (int)Opcode) };
        var length = AnnouncedLength ?? (ulong)Payload.Length;
        var size = LengthSize ?? (length < 126 ? 0 : length <= ushort.MaxValue ? 2 : 8);
        bytes.Add((byte)((Masked ? 0x80 : 0) | (size == 0 ? (int)length : size == 2 ? 126 : 127)));
        Span<byte> extended = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(extended, length);
        bytes.AddRange(extended[(8 - size)..]);

        var payload = Payload.ToArray();
        if (Masked)
        {
            Span<byte> key = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(key, Mask);
            bytes.AddRange(key);
            for (var i = 0; i < payload.Length; i++)
                payload[i] ^= key[i % 4];
        }

        bytes.AddRange(payload);
        return [.. bytes];
    }
}
