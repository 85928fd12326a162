using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Auth;

/// <summary>
/// Verifies JSON web tokens (RFC 7519): HS256 with the secret, RS256 and ES256 with the public keys. A key serves one algorithm only, so
/// that a token cannot choose how a key is used (RFC 8725, section 3.1).
/// </summary>
internal sealed class JwtVerifier : ITokenVerifier
{
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = JwtHeader.MaxTokenLength };
    private readonly Dictionary<string, TokenValidationParameters> _byAlgorithm = [];
    private readonly TimeProvider _clock;

    /// <summary>Reads the keys.</summary>
    /// <exception cref="VerbSettingsException">The key file is missing or holds no usable public key.</exception>
    public JwtVerifier(AuthOptions options, TimeProvider clock)
    {
        _clock = clock;
        if (options.Secret is { } secret)
            Add(options, SecurityAlgorithms.HmacSha256, [new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret))]);
        if (options.PublicKeyFile is not { } path)
            return;
        var keys = PublicKeyFile.Read(path);
        Add(options, SecurityAlgorithms.RsaSha256, [.. keys.OfType<RsaSecurityKey>()]);
        Add(options, SecurityAlgorithms.EcdsaSha256, [.. keys.OfType<ECDsaSecurityKey>()]);
    }

    /// <inheritdoc/>
    public async ValueTask<TokenResult> Verify(string token, CancellationToken cancellation)
    {
        if (token.Length > JwtHeader.MaxTokenLength)
            return TokenResult.Refuse($"The token is longer than {JwtHeader.MaxTokenLength} characters.");
        if (JwtHeader.Algorithm(token) is not { } algorithm)
            return TokenResult.Refuse("The token is not a signed JSON web token.");
        if (!_byAlgorithm.TryGetValue(algorithm, out var parameters))
            return TokenResult.Refuse("The token's algorithm is not accepted.");
        using var payload = JwtHeader.Payload(token);
        if (payload is not null && JwtClaims.SubjectRefusal(payload.RootElement) is { } subjectRefusal)
            return TokenResult.Refuse(subjectRefusal); // First: the library only calls such a token malformed.
        if (await Refusal(token, parameters) is { } refusal)
            return TokenResult.Refuse(refusal);
        return payload is null
            ? TokenResult.Refuse("The token's payload is not one JSON object.")
            : JwtClaims.Read(payload.RootElement, _clock.GetUtcNow());
    }

    /// <summary>Signature, issuer and audience; null where they hold. Never the library's own words: they may quote the token.</summary>
    private async Task<string?> Refusal(string token, TokenValidationParameters parameters)
    {
        try
        {
            var result = await _handler.ValidateTokenAsync(token, parameters);
            return result.IsValid ? null : Words(result.Exception);
        }
        catch (Exception e)
        {
            return Words(e); // Some malformed tokens make the library throw what it means to return.
        }
    }

    private static string Words(Exception? problem) => problem switch
    {
        SecurityTokenInvalidIssuerException => "The token's issuer is not accepted.",
        SecurityTokenInvalidAudienceException => "The token's audience is not accepted.",
        SecurityTokenInvalidSignatureException => "The token's signature is not valid.",
        _ => "The token is not valid.",
    };

    private void Add(AuthOptions options, string algorithm, SecurityKey[] keys)
    {
        if (keys.Length == 0)
            return;
        _byAlgorithm[algorithm] = new TokenValidationParameters
        {
            IssuerSigningKeys = keys,
            ValidAlgorithms = [algorithm],
            RequireSignedTokens = true,
            ValidateIssuer = options.Issuer is not null,
            ValidIssuer = options.Issuer,
            ValidateAudience = options.Audience is not null,
            ValidAudience = options.Audience,
            ValidateLifetime = false, // JwtClaims does, on the hub's clock and to the millisecond.
        };
    }
}
