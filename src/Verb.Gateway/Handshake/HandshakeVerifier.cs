namespace Verb.Gateway.Handshake;

/// <summary>Looks at a handshake before the upgrade, after the origin and the token were verified. One that throws is answered with 500.</summary>
/// <param name="context">The handshake.</param>
public delegate ValueTask<HandshakeResult> HandshakeVerifier(HandshakeContext context);
