namespace Verb.Gateway.Auth;

/// <summary>Decides by a route's mode and the token that came with the handshake who a connection begins as.</summary>
internal static class HandshakeAuth
{
    public static async ValueTask<AuthOutcome> Decide(
        AuthMode mode, PresentedToken token, ClientIdentity client, ITokenVerifier verifier, CancellationToken cancellation)
    {
        if (mode == AuthMode.Anonymous)
            return new AuthOutcome.Known(client.Anonymous);
        if (token.IsMissing)
        {
            return mode switch
            {
                AuthMode.Optional => new AuthOutcome.Known(client.Anonymous),
                AuthMode.Required => new AuthOutcome.Awaited(),
                _ => new AuthOutcome.Unauthorized("Authentication required"),
            };
        }

        var result = token.IsAmbiguous
            ? TokenResult.Refuse(PresentedToken.AmbiguousRefusal)
            : await verifier.Verify(token.Value!, cancellation);
        if (result.Identity is { } identity)
            return new AuthOutcome.Known(identity);
        var refusal = result.Refusal ?? "The token is not valid.";
        return mode == AuthMode.Handshake ? new AuthOutcome.Unauthorized(refusal) : new AuthOutcome.Failed(refusal);
    }
}
