namespace Verb.Gateway.Auth;

/// <summary>Stands where no key is configured: every token is refused.</summary>
internal sealed class NoTokens : ITokenVerifier
{
    public ValueTask<TokenResult> Verify(string token, CancellationToken cancellation) =>
        ValueTask.FromResult(TokenResult.Refuse("This hub takes no tokens."));
}
