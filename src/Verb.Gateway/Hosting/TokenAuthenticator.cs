using Verb.Actors.Connections;
using Verb.Gateway.Auth;

namespace Verb.Gateway.Hosting;

/// <summary>The connections' view of the token verifier.</summary>
internal sealed class TokenAuthenticator(ITokenVerifier verifier) : IAuthenticator
{
    public async ValueTask<AuthenticationResult> Authenticate(string token, CancellationToken cancellation)
    {
        var result = await verifier.Verify(token, cancellation);
        return result.Identity is { } identity
            ? AuthenticationResult.Of(identity)
            : AuthenticationResult.Refused(result.Refusal ?? "The token is not valid.");
    }
}
