namespace Verb.Gateway.Handshake;

/// <summary>Other forms of a <see cref="HandshakeVerifier"/>.</summary>
public static class HandshakeVerifiers
{
    /// <summary>A verifier that answers at once.</summary>
    public static HandshakeVerifier Sync(Func<HandshakeContext, HandshakeResult> verify)
    {
        ArgumentNullException.ThrowIfNull(verify);
        return context => ValueTask.FromResult(verify(context));
    }
}
