using System.Buffers;
using System.Buffers.Binary;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>
/// Walks over whatever a failed peer still sends, looking only for its close frame, so that a peer that answers the hub's close need not
/// run into the deadline.
/// </summary>
internal struct CloseSkim(long unread)
{
    private long _skip = unread;

    /// <summary>True once a close frame's header was met; otherwise what was seen is consumed.</summary>
    public bool FindClose(ref ReadOnlySequence<byte> buffer)
    {
        Span<byte> header = stackalloc byte[2 + sizeof(ulong)];
        while (true)
        {
            var skipped = Math.Min(_skip, buffer.Length);
            buffer = buffer.Slice(skipped);
            _skip -= skipped;
            if (_skip > 0 || buffer.Length < 2)
                return false;

            var start = buffer.Slice(0, Math.Min(header.Length, buffer.Length));
            start.CopyTo(header);
            if ((header[0] & 0x0F) == (byte)Opcode.Close)
                return true;

            var shortLength = header[1] & 0x7F;
            var lengthSize = shortLength < 126 ? 0 : shortLength == 126 ? sizeof(ushort) : sizeof(ulong);
            if (start.Length < 2 + lengthSize)
                return false;

            var length = lengthSize switch
            {
                0 => shortLength,
                sizeof(ushort) => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
                _ => BinaryPrimitives.ReadInt64BigEndian(header[2..]) & long.MaxValue,
            };
            var mask = (header[1] & 0x80) == 0 ? 0 : sizeof(uint);
            _skip = length > long.MaxValue - 16 ? long.MaxValue : 2 + lengthSize + mask + length;
        }
    }
}
