using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>
/// The value of a route parameter, decoded strictly. Servers decode a path leniently and leave <c>%2F</c> as it is, so that an id with a
/// slash and one with the text <c>%2F</c> look the same; where a per cent sign is left, the request target as it came decides.
/// </summary>
internal static class PathText
{
    private const char Escape = '%';

    /// <summary>The parameter's value; null where its percent-encoding is broken or is not UTF-8, and where the path names something else than was asked for.</summary>
    /// <param name="http">The request.</param>
    /// <param name="parameter">The route parameter; a catch-all counts with all its segments.</param>
    /// <param name="behind">How many segments of the route's pattern stand behind it.</param>
    public static string? Read(HttpContext http, string parameter, int behind)
    {
        if (http.Request.RouteValues[parameter] is not string value)
            return null;
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var segments = (query < 0 ? target : target[..query]).Split('/');
        if (segments.Any(IsDots))
            return null; // The server has taken them out of the path, and with them, perhaps, an id.
        if (!value.Contains(Escape))
            return value;

        var count = value.Count(c => c == '/') + 1;
        var end = segments.Length - behind - (behind > 0 && segments[^1].Length == 0 ? 1 : 0);
        return end < count ? null : Decode(string.Join('/', segments[(end - count)..end]));
    }

    /// <summary>Answers a path whose parameter is no id.</summary>
    public static ApiResult Refused(string parameter) => ApiResult.Refused(
        ErrorCode.InvalidMessage, $"The path's '{parameter}', percent-encoded, must be {Identifier.NameRule}.");

    private static bool IsDots(string segment) => segment.Length is >= 1 and <= 6 && Decode(segment) is "." or "..";

    /// <summary>Decodes percent-encoding (RFC 3986, section 2.1); null where it is broken or does not give UTF-8.</summary>
    public static string? Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != Escape)
            {
                if (!char.IsAscii(text[i]))
                    return null;
                bytes.Add((byte)text[i]);
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                return null;
            bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
            i += 2;
        }

        var utf8 = bytes.ToArray();
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null;
    }
}
