using System.Buffers.Text;
using System.Text.Json;

namespace Verb.Gateway.Auth;

/// <summary>What the verifier needs of a token's header before any key is touched: a compact JWS with a known algorithm and no demands.</summary>
internal static class JwtHeader
{
    /// <summary>The longest token that is looked at.</summary>
    public const int MaxTokenLength = 8 * 1024;

    /// <summary>Reads <c>alg</c>; null where this is no compact JWS or its header is not one object with an algorithm.</summary>
    /// <remarks>
    /// Five parts are an encrypted token (RFC 7516): refused here, so that nothing is ever decrypted or inflated. A header with <c>crit</c>
    /// demands what the hub does not know (RFC 7515, section 4.1.11).
    /// </remarks>
    public static string? Algorithm(string token)
    {
        var first = token.IndexOf('.');
        if (first <= 0 || token.AsSpan().Count('.') != 2)
            return null;
        try
        {
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(0, first)));
            return header.RootElement.ValueKind == JsonValueKind.Object
                && !header.RootElement.TryGetProperty("crit", out _)
                && header.RootElement.TryGetProperty("alg", out var algorithm)
                && algorithm.ValueKind == JsonValueKind.String
                    ? algorithm.GetString()
                    : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The payload as JSON; null where it is not one object. Only for a token whose signature holds.</summary>
    public static JsonDocument? Payload(string token)
    {
        var start = token.IndexOf('.') + 1;
        JsonDocument? payload = null;
        try
        {
            payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan()[start..token.LastIndexOf('.')]));
            if (payload.RootElement.ValueKind == JsonValueKind.Object)
                return payload;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // The same refusal as for another kind of value.
        }

        payload?.Dispose();
        return null;
    }
}
