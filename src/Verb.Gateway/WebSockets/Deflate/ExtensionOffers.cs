using System.Buffers;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>The grammar of <c>Sec-WebSocket-Extensions</c> (RFC 6455 section 9.1).</summary>
internal static class ExtensionOffers
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>The offers in the client's order; null where the header breaks the grammar.</summary>
    public static List<ExtensionOffer>? Parse(string header)
    {
        var offers = new List<ExtensionOffer>();
        var rest = header.AsSpan().Trim(" \t");
        while (true)
        {
            if (!TakeToken(ref rest, out var name))
                return null;

            var parameters = new List<KeyValuePair<string, string?>>();
            while (Take(ref rest, ';'))
            {
                if (!TakeToken(ref rest, out var parameter))
                    return null;

                string? value = null;
                if (Take(ref rest, '=') && !TakeValue(ref rest, out value))
                    return null;
                parameters.Add(new(parameter, value));
            }

            offers.Add(new ExtensionOffer(name, parameters));
            if (rest.IsEmpty)
                return offers;
            if (!Take(ref rest, ','))
                return null;
        }
    }

    private static bool Take(ref ReadOnlySpan<char> rest, char separator)
    {
        if (rest.IsEmpty || rest[0] != separator)
            return false;
        rest = rest[1..].TrimStart(" \t");
        return true;
    }

    private static bool TakeToken(ref ReadOnlySpan<char> rest, out string token)
    {
        var length = rest.IndexOfAnyExcept(TokenCharacters);
        if (length < 0)
            length = rest.Length;
        token = rest[..length].ToString();
        rest = rest[length..].TrimStart(" \t");
        return length > 0;
    }

    // A quoted value must be a token once unquoted, so that nothing needs unescaping.
    private static bool TakeValue(ref ReadOnlySpan<char> rest, out string? value)
    {
        var quoted = !rest.IsEmpty && rest[0] == '"';
        if (quoted)
            rest = rest[1..];
        var isToken = TakeToken(ref rest, out var token);
        value = token;
        return isToken && (!quoted || Take(ref rest, '"'));
    }
}
