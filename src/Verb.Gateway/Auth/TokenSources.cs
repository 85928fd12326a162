using Microsoft.AspNetCore.Http;
using Verb.Gateway.Handshake;

namespace Verb.Gateway.Auth;

/// <summary>
/// Finds the secrets a client presents with its handshake: the token in <c>Authorization: Bearer</c>, <c>?token=</c> or the subprotocol
/// <c>bearer.…</c>; the session in <c>?session=</c> or the subprotocol <c>session.…</c>. The same value may come several times.
/// </summary>
internal static class TokenSources
{
    public const string TokenParameter = "token";
    public const string SessionParameter = "session";

    private const string BearerScheme = "Bearer ";

    /// <summary>The token; other schemes than <c>Bearer</c> are the host's business.</summary>
    public static PresentedToken Token(HttpRequest request)
    {
        HashSet<string> found = [];
        foreach (var line in request.Headers.Authorization)
        {
            if (line is not null && line.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase))
                Add(found, line[BearerScheme.Length..].Trim());
        }

        AddSources(found, request, TokenParameter, SubprotocolNames.BearerPrefix);
        return new PresentedToken(found.Count == 1 ? found.Single() : null, found.Count > 1);
    }

    /// <summary>The session; null where none came, or where several disagree.</summary>
    public static string? Session(HttpRequest request)
    {
        HashSet<string> found = [];
        AddSources(found, request, SessionParameter, SubprotocolNames.SessionPrefix);
        return found.Count == 1 ? found.Single() : null;
    }

    private static void AddSources(HashSet<string> found, HttpRequest request, string parameter, string prefix)
    {
        foreach (var value in request.Query[parameter])
            Add(found, value);
        foreach (var name in SubprotocolNames.All(request.Headers.SecWebSocketProtocol))
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                Add(found, name[prefix.Length..]);
        }
    }

    private static void Add(HashSet<string> found, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            found.Add(value);
    }
}
