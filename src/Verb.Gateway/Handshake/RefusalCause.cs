namespace Verb.Gateway.Handshake;

/// <summary>Why a handshake was refused, as metrics tell it: the label is the name in the protocol's spelling.</summary>
internal enum RefusalCause
{
    /// <summary>The hub is draining.</summary>
    Draining,

    /// <summary>Too many handshakes at once.</summary>
    HandshakeRate,

    /// <summary>The page is not of this hub, and not of an allowed origin.</summary>
    Origin,

    /// <summary>No subprotocol would do, or none was well-formed.</summary>
    Subprotocol,

    /// <summary>No token, or one that does not hold.</summary>
    Token,

    /// <summary>The host's verifier refused.</summary>
    Verifier,

    /// <summary>The host's code, or its token verifier, threw.</summary>
    Error,

    /// <summary>Too many connections from one address.</summary>
    Address,
}
