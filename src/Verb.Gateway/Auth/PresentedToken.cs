namespace Verb.Gateway.Auth;

/// <summary>The token that came with a handshake.</summary>
/// <param name="Value">The token; null where none came, or where several disagree.</param>
/// <param name="IsAmbiguous">Whether several different tokens came: that counts as a refused token.</param>
internal readonly record struct PresentedToken(string? Value, bool IsAmbiguous)
{
    public const string AmbiguousRefusal = "Several different tokens came with the handshake.";

    public bool IsMissing => Value is null && !IsAmbiguous;

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => IsMissing ? "no token" : "a token";
}
