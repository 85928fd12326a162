using Verb.Contracts;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets;

/// <summary>One message, control frame or end. The payload belongs to the connection and is valid until the next receive.</summary>
internal readonly struct ReceiveResult
{
    private ReceiveResult(ReceiveKind kind, ReadOnlyMemory<byte> payload, CloseReason reason, long skipped = 0)
    {
        Kind = kind;
        Payload = payload;
        CloseReason = reason;
        Skipped = skipped;
    }

    public static ReceiveResult End => default;

    public ReceiveKind Kind { get; }

    /// <summary>
    /// Unmasked, inflated, and valid UTF-8 where it is text and validation is on; what is kept of a text that is too large may end within a
    /// character.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Of a close: the peer's, code 1005 where it gave none. Of a failure: the one to send.</summary>
    public CloseReason CloseReason { get; }

    /// <summary>Of a message that is too large: the bytes behind the payload that were read, or inflated, and thrown away.</summary>
    public long Skipped { get; }

    public static ReceiveResult Message(ReceiveKind kind, ReadOnlyMemory<byte> payload) => new(kind, payload, default);

    public static ReceiveResult TooLarge(ReadOnlyMemory<byte> beginning, long skipped) => new(ReceiveKind.TooLarge, beginning, default, skipped);

    public static ReceiveResult Closed(CloseReason reason) => new(ReceiveKind.Close, default, reason);

    public static ReceiveResult Failed(ProtocolViolation violation) => new(ReceiveKind.Failure, default, violation.ToCloseReason());
}
