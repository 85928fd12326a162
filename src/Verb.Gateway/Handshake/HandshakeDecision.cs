using Verb.Gateway.Auth;
using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.Handshake;

/// <summary>What becomes of a handshake. A closed set.</summary>
internal abstract record HandshakeDecision
{
    private HandshakeDecision()
    {
    }

    /// <summary>Upgrade, with these headers.</summary>
    /// <param name="Connection">What callbacks see of the client.</param>
    /// <param name="Client">Which client it is, and its new session.</param>
    /// <param name="Auth">Who it begins as; never <see cref="AuthOutcome.Unauthorized"/>.</param>
    /// <param name="Subprotocol">The subprotocol; null: none.</param>
    /// <param name="Headers">Headers of the 101, checked.</param>
    public sealed record Accepted(
        ClientConnection Connection,
        ClientIdentity Client,
        AuthOutcome Auth,
        string? Subprotocol,
        IReadOnlyDictionary<string, string> Headers) : HandshakeDecision;

    /// <summary>Answer so; the cause is counted.</summary>
    public sealed record Refused(RefusalCause Cause, HandshakeRefusal Answer) : HandshakeDecision;
}
