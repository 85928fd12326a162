using Verb.Contracts;
using Verb.Gateway.Auth;

namespace Verb.Gateway.Tests.Http;

/// <summary>The tokens <c>admin</c> and <c>user</c> hold; every other is refused.</summary>
internal sealed class ScriptedTokens : ITokenVerifier
{
    public ValueTask<TokenResult> Verify(string token, CancellationToken cancellation) => ValueTask.FromResult(
        token is Identity.AdminRole or "user"
            ? TokenResult.Accept(new Identity(new User(new UserId($"{token}-id"), token, token), [token], null))
            : TokenResult.Refuse("The token is not valid."));
}
