using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Verb.Gateway.Auth;

namespace Verb.Gateway.Http;

/// <summary>Examines the API key and the token of a request. A key goes before a token; what is presented and wrong is never passed over.</summary>
internal sealed class Credentials(string? apiKey, ITokenVerifier verifier)
{
    public const string KeyHeader = "X-Api-Key";

    private readonly byte[]? _key = apiKey is null ? null : Digest(apiKey);

    /// <summary>Whether there is an API key to present.</summary>
    public bool HasKey => _key is not null;

    public async ValueTask<Credential> Examine(HttpContext http)
    {
        var presented = http.Request.Headers[KeyHeader];
        if (_key is not null && presented.Count > 0)
            return presented.Count == 1 && IsKey(presented[0] ?? "") ? new Credential.Key() : new Credential.Refused("The API key is wrong.");

        var token = TokenSources.Token(http.Request);
        if (token.IsMissing)
            return new Credential.None();
        if (token.Value is null)
            return new Credential.Refused(PresentedToken.AmbiguousRefusal);
        var result = await verifier.Verify(token.Value, http.RequestAborted);
        return result.Identity is { } identity
            ? new Credential.Token(identity)
            : new Credential.Refused(result.Refusal ?? "The token is not valid.");
    }

    /// <summary>Digests have one length, so that comparing them takes the same time whatever was presented.</summary>
    private bool IsKey(string presented) => CryptographicOperations.FixedTimeEquals(_key, Digest(presented));

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
