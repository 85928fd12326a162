using Verb.Gateway.Auth;

namespace Verb.Gateway.Settings;

/// <summary>Who may connect, and how tokens are verified. Configuration: <c>Verb:Auth</c>.</summary>
public sealed record AuthOptions
{
    /// <summary>What a route demands unless it says otherwise. Default anonymous; the other modes need a key to verify tokens with.</summary>
    public AuthMode Mode { get; init; } = AuthMode.Anonymous;

    /// <summary>How long a connection may wait before it sends <c>auth</c>; then close 4001. Default 10 s; zero: for ever.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The secret of HS256 tokens, at least 32 bytes of UTF-8. Default null: no HS256.</summary>
    [Secret]
    public string? Secret { get; init; }

    /// <summary>A PEM file with the public key of RS256 (RSA, 2,048 bits or more) or ES256 (EC, P-256) tokens; several keys may stand in it.</summary>
    public string? PublicKeyFile { get; init; }

    /// <summary>What the claim <c>iss</c> must be. Default null: not looked at.</summary>
    public string? Issuer { get; init; }

    /// <summary>What the claim <c>aud</c> must be or contain. Default null: not looked at.</summary>
    public string? Audience { get; init; }

    /// <summary>Keeps the secret out of logs.</summary>
    public override string ToString() => $"AuthOptions {{ Mode = {Mode} }}";
}
