using System.Text.Json;
using Verb.Contracts;

namespace Verb.Gateway.Auth;

/// <summary>Reads who the user is, and for how long, from the claims of a token whose signature holds.</summary>
internal static class JwtClaims
{
    /// <summary>How far the clocks of the issuer and the hub may lie apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private const int MaxRoles = 64;
    private const string DefaultRole = "user";

    public static TokenResult Read(JsonElement claims, DateTimeOffset now)
    {
        if (!TryTime(claims, "exp", out var expires) || !TryTime(claims, "nbf", out var notBefore))
            return TokenResult.Refuse("The token's times are not numbers.");
        if (expires is { } end && now >= Later(end))
            return TokenResult.Refuse("The token has expired.");
        if (notBefore is { } start && now < Earlier(start))
            return TokenResult.Refuse("The token is not valid yet.");
        if (!UserId.TryParse(Text(claims, "sub"), out var id))
            return TokenResult.Refuse($"The token's claim 'sub' must be a user id: {Identifier.NameRule}.");
        if (id == User.Application.Id)
            return TokenResult.Refuse($"The user id '{id}' is the application's own.");
        if (Roles(claims) is not { } roles)
            return TokenResult.Refuse("The token's claim 'role' must be a role or a list of roles, and never 'anonymous'.");
        return TokenResult.Accept(new Identity(new User(id, Username(claims, id), roles[0]), roles, expires?.ToUnixTimeMilliseconds()));
    }

    /// <summary>What is wrong with the kind of <c>sub</c>; null where it is text, or missing.</summary>
    public static string? SubjectRefusal(JsonElement claims) =>
        claims.TryGetProperty("sub", out var sub) && sub.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
            ? "The token's claim 'sub' must be a string, also where the id is a number."
            : null;

    /// <summary>The claim <c>name</c>, cut to 64 characters; where it is missing or no text to show, <c>sub</c>.</summary>
    private static string Username(JsonElement claims, UserId id)
    {
        var name = Text(claims, "name") is { } text ? Cut(text) : null;
        return Identifier.IsLabel(name) ? name! : Cut(id.Value);
    }

    private static string Cut(string text)
    {
        if (text.Length <= Identifier.MaxLabelLength)
            return text;
        var half = char.IsHighSurrogate(text[Identifier.MaxLabelLength - 1]) ? 1 : 0;
        return text[..(Identifier.MaxLabelLength - half)];
    }

    private static List<string>? Roles(JsonElement claims)
    {
        if (!claims.TryGetProperty("role", out var claim) || claim.ValueKind == JsonValueKind.Null)
            return [DefaultRole];
        List<string> roles = [];
        if (claim.ValueKind == JsonValueKind.Array)
        {
            if (claim.GetArrayLength() > MaxRoles)
                return null;
            foreach (var entry in claim.EnumerateArray())
                roles.Add(Text(entry) ?? "");
        }
        else
        {
            roles.Add(Text(claim) ?? "");
        }

        // 'anonymous' tells users without a token apart, so that no token may carry it.
        if (roles.Exists(role => !Identifier.IsLabel(role) || role == Identity.AnonymousRole))
            return null;
        return roles.Count == 0 ? [DefaultRole] : [.. roles.Distinct()];
    }

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var claim) ? Text(claim) : null;

    private static string? Text(JsonElement claim)
    {
        if (claim.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return claim.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // An escaped lone surrogate.
        }
    }

    /// <summary>A time as seconds since 1970, whole or not (RFC 7519, section 2); false where the claim is there and is no such number.</summary>
    private static bool TryTime(JsonElement claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out var claim))
            return true;
        if (claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var seconds) || !double.IsFinite(seconds))
            return false;
        var milliseconds = Math.Clamp(seconds * 1000, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        time = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return true;
    }

    private static DateTimeOffset Later(DateTimeOffset time) => time > DateTimeOffset.MaxValue - ClockSkew ? time : time + ClockSkew;

    private static DateTimeOffset Earlier(DateTimeOffset time) => time < DateTimeOffset.MinValue + ClockSkew ? time : time - ClockSkew;
}
