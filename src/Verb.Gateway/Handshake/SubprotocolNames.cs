using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Verb.Gateway.Handshake;

/// <summary>The names in <c>Sec-WebSocket-Protocol</c> (RFC 6455, section 11.3.4).</summary>
internal static class SubprotocolNames
{
    /// <summary>The hub's own protocol.</summary>
    public const string Verb = "verb.v1";

    /// <summary>Before a token that comes as a subprotocol.</summary>
    public const string BearerPrefix = "bearer.";

    /// <summary>Before a session that comes as a subprotocol.</summary>
    public const string SessionPrefix = "session.";

    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Every name on every line, secrets among them.</summary>
    public static IEnumerable<string> All(StringValues lines) =>
        lines.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The names a protocol may be chosen from, each once, in the client's order of preference.</summary>
    public static string[] Offered(StringValues lines) =>
        [.. All(lines).Where(name => !IsSecret(name)).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether every name is a token of HTTP.</summary>
    public static bool AreWellFormed(StringValues lines) => All(lines).All(IsToken);

    public static bool IsToken(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);

    public static bool IsSecret(string name) =>
        name.StartsWith(BearerPrefix, StringComparison.Ordinal) || name.StartsWith(SessionPrefix, StringComparison.Ordinal);
}
