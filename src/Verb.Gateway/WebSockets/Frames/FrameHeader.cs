using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>A client's frame header (RFC 6455 section 5.2).</summary>
internal readonly struct FrameHeader
{
    /// <summary>Two bytes, a 64-bit length and the mask.</summary>
    public const int LongestSize = 14;

    /// <summary>What a control frame may carry at most.</summary>
    public const int LongestControlPayload = 125;

    private const byte MaskBit = 0x80;
    private const byte LengthBits = 0x7F;
    private const byte Length16 = 126;

    private FrameHeader(byte first, long length, uint mask, int size)
    {
        Fin = (first & 0x80) != 0;
        Compressed = (first & 0x40) != 0;
        Opcode = (Opcode)(first & 0x0F);
        Length = length;
        Mask = mask;
        Size = size;
    }

    public bool Fin { get; }

    /// <summary>RSV1.</summary>
    public bool Compressed { get; }

    public Opcode Opcode { get; }

    /// <summary>Payload bytes.</summary>
    public long Length { get; }

    public uint Mask { get; }

    /// <summary>Bytes of the header itself.</summary>
    public int Size { get; }

    public bool IsControl => Opcode >= Opcode.Close;

    /// <summary>Reads a header at the start of the buffer. What is wrong is told from the first two bytes where they show it.</summary>
    public static HeaderStatus TryRead(in ReadOnlySequence<byte> buffer, bool deflate, out FrameHeader header, out ProtocolViolation violation)
    {
        header = default;
        violation = default;
        Span<byte> copy = stackalloc byte[LongestSize];
        scoped var bytes = buffer.FirstSpan;
        if (bytes.Length < LongestSize && !buffer.IsSingleSegment)
        {
            var start = buffer.Slice(0, Math.Min(LongestSize, buffer.Length));
            start.CopyTo(copy);
            bytes = copy[..(int)start.Length];
        }

        if (bytes.Length < 2)
            return HeaderStatus.Incomplete;

        violation = Examine(bytes[0], bytes[1], deflate);
        if (violation != ProtocolViolation.None)
            return HeaderStatus.Violation;

        var shortLength = bytes[1] & LengthBits;
        var lengthSize = shortLength < Length16 ? 0 : shortLength == Length16 ? sizeof(ushort) : sizeof(ulong);
        var size = 2 + lengthSize + sizeof(uint);
        if (bytes.Length < 2 + lengthSize)
            return HeaderStatus.Incomplete;

        var length = lengthSize switch
        {
            0 => (ulong)shortLength,
            sizeof(ushort) => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
        };
        violation = ExamineLength(length, lengthSize);
        if (violation != ProtocolViolation.None)
            return HeaderStatus.Violation;

        if (bytes.Length < size)
            return HeaderStatus.Incomplete;

        header = new FrameHeader(bytes[0], (long)length, MemoryMarshal.Read<uint>(bytes[(size - sizeof(uint))..]), size);
        return HeaderStatus.Complete;
    }

    private static ProtocolViolation Examine(byte first, byte second, bool deflate)
    {
        var opcode = (Opcode)(first & 0x0F);
        if ((first & 0x30) != 0)
            return ProtocolViolation.ReservedBits;
        if ((first & 0x40) != 0 && !(deflate && opcode is Opcode.Text or Opcode.Binary))
            return ProtocolViolation.ReservedBits;
        if (opcode is not (<= Opcode.Binary or (>= Opcode.Close and <= Opcode.Pong)))
            return ProtocolViolation.UnknownOpcode;
        if ((second & MaskBit) == 0)
            return ProtocolViolation.NotMasked;
        if (opcode >= Opcode.Close && (first & 0x80) == 0)
            return ProtocolViolation.FragmentedControl;
        if (opcode >= Opcode.Close && (second & LengthBits) > LongestControlPayload)
            return ProtocolViolation.LongControl;
        return ProtocolViolation.None;
    }

    private static ProtocolViolation ExamineLength(ulong length, int lengthSize) => lengthSize switch
    {
        sizeof(ushort) when length < Length16 => ProtocolViolation.LengthNotMinimal,
        sizeof(ulong) when length <= ushort.MaxValue => ProtocolViolation.LengthNotMinimal,
        sizeof(ulong) when length > long.MaxValue => ProtocolViolation.LengthTooLarge,
        _ => ProtocolViolation.None,
    };
}
