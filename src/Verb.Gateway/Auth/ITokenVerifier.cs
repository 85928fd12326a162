namespace Verb.Gateway.Auth;

/// <summary>
/// Turns a token into the user behind it. The hub brings one for JSON web tokens; a host may register its own. Called for each token that
/// comes with a handshake or in <c>auth</c>, from many threads at once.
/// </summary>
public interface ITokenVerifier
{
    /// <summary>Verifies one token. A refusal is a result; an exception means that verifying failed and is answered as an internal error.</summary>
    /// <param name="token">The token as it came, not empty; never to be logged.</param>
    /// <param name="cancellation">The client has gone.</param>
    ValueTask<TokenResult> Verify(string token, CancellationToken cancellation);
}
