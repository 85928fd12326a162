using Verb.Contracts;
using Verb.Gateway.Auth;

namespace Verb.Server.Tests.Embedding;

/// <summary>A host's own verifier: the token is the user id, and Ann is the only one on the staff.</summary>
internal sealed class StaffTokens : ITokenVerifier
{
    public ValueTask<TokenResult> Verify(string token, CancellationToken cancellation) => ValueTask.FromResult(token == "ann"
        ? TokenResult.Accept(new Identity(new User(new UserId("ann"), "Ann", "staff"), ["staff"], null))
        : TokenResult.Refuse("You are not on the staff."));
}
