using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Verb.Gateway.WebSockets.Deflate;

namespace Verb.Gateway.WebSockets.Handshake;

/// <summary>The opening handshake as far as it can be judged from the request (RFC 6455 section 4.2, RFC 8441 section 5).</summary>
internal static class WebSocketHandshake
{
    public const string SupportedVersion = "13";

    private const string AcceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;
    private const int KeyCharacters = 24;

    /// <summary>Null where the request may become a WebSocket.</summary>
    public static HandshakeRefusal? Examine(HttpContext context)
    {
        var request = context.Request;
        if (IsExtendedConnect(context))
            return ExamineHeaders(request);

        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
            || !HasToken(request.Headers.Upgrade, "websocket") || !HasToken(request.Headers.Connection, "upgrade"))
            return HandshakeRefusal.NotAnUpgrade;
        if (!HttpMethods.IsGet(request.Method))
            return HandshakeRefusal.Method;
        if (HttpProtocol.IsHttp10(request.Protocol))
            return HandshakeRefusal.Http10; // RFC 6455, section 4.1

        return ExamineHeaders(request) ?? (IsKey(request.Headers.SecWebSocketKey) ? null : HandshakeRefusal.Key);
    }

    /// <summary>True for a WebSocket over HTTP/2.</summary>
    public static bool IsExtendedConnect(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol }
        && protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>The client's extension offers; null where they are malformed.</summary>
    public static IReadOnlyList<ExtensionOffer>? Extensions(HttpRequest request)
    {
        var header = request.Headers.SecWebSocketExtensions;
        return header.Count == 0 ? [] : ExtensionOffers.Parse(header.ToString());
    }

    /// <summary><c>Sec-WebSocket-Accept</c> for a key.</summary>
    public static string Accept(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 section 4.2.2 demands SHA-1; it protects nothing.
        SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptGuid), hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static HandshakeRefusal? ExamineHeaders(HttpRequest request) =>
        request.Headers.SecWebSocketVersion != SupportedVersion ? HandshakeRefusal.Version
        : Extensions(request) is null ? HandshakeRefusal.Extensions
        : null;

    private static bool HasToken(Microsoft.Extensions.Primitives.StringValues values, string token)
    {
        foreach (var element in values.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (element.Equals(token, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool IsKey(Microsoft.Extensions.Primitives.StringValues values)
    {
        Span<byte> key = stackalloc byte[KeyBytes + 2];
        return values.Count == 1 && values[0] is { Length: KeyCharacters } text
            && Convert.TryFromBase64String(text, key, out var written) && written == KeyBytes;
    }
}
