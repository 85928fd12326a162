using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What became of a token.</summary>
/// <param name="Identity">Whom it proves; null where it is refused.</param>
/// <param name="Refusal">Why it is refused, one sentence without the token; null where it is not.</param>
public sealed record AuthenticationResult(Identity? Identity, string? Refusal)
{
    /// <summary>The token proves this identity.</summary>
    public static AuthenticationResult Of(Identity identity) => new(identity, null);

    /// <summary>The token is refused.</summary>
    public static AuthenticationResult Refused(string reason) => new(null, reason);
}
