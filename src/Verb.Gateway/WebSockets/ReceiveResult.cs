using Verb.Contracts;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets;

/// <summary>One message, control frame or end. The payload belongs to the connection and is valid until the next receive.</summary>
internal readonly struct ReceiveResult
{
    private ReceiveResult(ReceiveKind kind, ReadOnlyMemory<byte> payload, CloseReason reason)
    {
        Kind = kind;
        Payload = payload;
        CloseReason = reason;
    }

    public static ReceiveResult End => default;

    public ReceiveKind Kind { get; }

    /// <summary>Unmasked, inflated, and valid UTF-8 where it is text and validation is on.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Of a close: the peer's, code 1005 where it gave none. Of a failure: the one to send.</summary>
    public CloseReason CloseReason { get; }

    public static ReceiveResult Message(ReceiveKind kind, ReadOnlyMemory<byte> payload) => new(kind, payload, default);

    public static ReceiveResult Closed(CloseReason reason) => new(ReceiveKind.Close, default, reason);

    public static ReceiveResult Failed(ProtocolViolation violation) => new(ReceiveKind.Failure, default, violation.ToCloseReason());
}
