using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Verb.Contracts;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>The body of a close frame: nothing, or a code and a reason (RFC 6455 sections 5.5.1 and 7.4).</summary>
internal static class ClosePayload
{
    /// <summary>Stands for a close frame without a code; never on the wire.</summary>
    public const ushort NoCode = 1005;

    private const int CodeSize = sizeof(ushort);

    public static ProtocolViolation Read(ReadOnlySpan<byte> payload, bool validateUtf8, out CloseReason reason)
    {
        reason = new CloseReason(NoCode, "");
        if (payload.IsEmpty)
            return ProtocolViolation.None;
        if (payload.Length < CodeSize)
            return ProtocolViolation.CloseTooShort;

        var code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!MayBeSent(code))
            return ProtocolViolation.CloseCode;
        if (validateUtf8 && !Utf8.IsValid(payload[CodeSize..]))
            return ProtocolViolation.CloseReasonNotUtf8;

        reason = new CloseReason(code, Encoding.UTF8.GetString(payload[CodeSize..]));
        return ProtocolViolation.None;
    }

    /// <summary>Writes at most 125 bytes and returns how many; a longer reason is cut between characters.</summary>
    public static int Write(CloseReason reason, Span<byte> destination)
    {
        if (reason.Code == NoCode)
            return 0;

        BinaryPrimitives.WriteUInt16BigEndian(destination, reason.Code);
        Utf8.FromUtf16(reason.Reason, destination[CodeSize..FrameHeader.LongestControlPayload], out _, out var written);
        return CodeSize + written;
    }

    private static bool MayBeSent(ushort code) => code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999;
}
