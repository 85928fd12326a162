using Verb.Contracts;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>The close code and words that answer each violation (RFC 6455 section 7.4.1).</summary>
internal static class ProtocolViolations
{
    private const ushort ProtocolError = 1002;
    private const ushort InvalidPayload = 1007;

    public static CloseReason ToCloseReason(this ProtocolViolation violation) => violation switch
    {
        ProtocolViolation.ReservedBits => new(ProtocolError, "Reserved bits set"),
        ProtocolViolation.UnknownOpcode => new(ProtocolError, "Unknown opcode"),
        ProtocolViolation.NotMasked => new(ProtocolError, "Frame not masked"),
        ProtocolViolation.FragmentedControl => new(ProtocolError, "Control frame fragmented"),
        ProtocolViolation.LongControl => new(ProtocolError, "Control frame above 125 bytes"),
        ProtocolViolation.LengthNotMinimal => new(ProtocolError, "Length not minimal"),
        ProtocolViolation.LengthTooLarge => new(ProtocolError, "Length above 63 bits"),
        ProtocolViolation.NothingToContinue => new(ProtocolError, "Continuation of nothing"),
        ProtocolViolation.MessageNotFinished => new(ProtocolError, "Previous message not finished"),
        ProtocolViolation.CloseTooShort => new(ProtocolError, "Close payload of one byte"),
        ProtocolViolation.CloseCode => new(ProtocolError, "Invalid close code"),
        ProtocolViolation.CloseReasonNotUtf8 => new(InvalidPayload, "Close reason is not UTF-8"),
        ProtocolViolation.TextNotUtf8 => new(InvalidPayload, "Text is not UTF-8"),
        ProtocolViolation.DamagedDeflate => new(InvalidPayload, "Compressed message damaged"),
        ProtocolViolation.MessageTooBig => new(1009, "Message too big"),
        ProtocolViolation.MessageTimedOut => new(1001, "Message not finished in time"),
        _ => throw new ArgumentOutOfRangeException(nameof(violation), violation, null),
    };
}
