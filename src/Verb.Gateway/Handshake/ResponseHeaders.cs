using Microsoft.Net.Http.Headers;

namespace Verb.Gateway.Handshake;

/// <summary>Which headers a host may add to the answer of a handshake: a proper name, one line of ASCII text, and none of the handshake's own.</summary>
internal static class ResponseHeaders
{
    private const string HandshakePrefix = "Sec-WebSocket-";

    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Connection, HeaderNames.Upgrade, HeaderNames.TransferEncoding, HeaderNames.ContentLength, HeaderNames.Trailer,
    };

    /// <exception cref="ArgumentException">The header is not allowed; the message names it and never repeats its value.</exception>
    public static void Check(string name, string value)
    {
        if (!SubprotocolNames.IsToken(name))
            throw new ArgumentException("The name of a response header is not a token of HTTP.", nameof(name));
        if (Own.Contains(name) || name.StartsWith(HandshakePrefix, StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"The response header '{name}' belongs to the handshake itself.", nameof(name));
        if (value is null || value.Any(c => c is (< ' ' and not '\t') or > '~'))
            throw new ArgumentException($"The value of the response header '{name}' holds a line break or another character that no header may hold.", nameof(value));
    }
}
