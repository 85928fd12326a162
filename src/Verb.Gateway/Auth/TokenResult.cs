using Verb.Contracts;

namespace Verb.Gateway.Auth;

/// <summary>What a token turned out to be: an identity, or a refusal.</summary>
public sealed record TokenResult
{
    private TokenResult(Identity? identity, string? refusal) => (Identity, Refusal) = (identity, refusal);

    /// <summary>Who is behind the token; null where it is refused.</summary>
    public Identity? Identity { get; }

    /// <summary>Why it is refused, a sentence for the client without any part of the token; null where it is accepted.</summary>
    public string? Refusal { get; }

    /// <summary>The token is good.</summary>
    public static TokenResult Accept(Identity identity) => new(identity, null);

    /// <summary>The token is refused.</summary>
    public static TokenResult Refuse(string refusal) => new(null, refusal);
}
