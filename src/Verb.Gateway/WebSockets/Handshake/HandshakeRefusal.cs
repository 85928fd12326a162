using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Verb.Gateway.WebSockets.Handshake;

/// <summary>Why a request cannot become a WebSocket, or may not, as the answer that says so.</summary>
internal sealed record HandshakeRefusal(int Status, string Error)
{
    public static HandshakeRefusal NotAnUpgrade { get; } = new(StatusCodes.Status400BadRequest, "WebSocket upgrade required");

    public static HandshakeRefusal Method { get; } =
        new(StatusCodes.Status405MethodNotAllowed, "WebSocket upgrades use GET") { Headers = Header(HeaderNames.Allow, HttpMethods.Get) };

    public static HandshakeRefusal Http10 { get; } =
        new(StatusCodes.Status400BadRequest, "WebSocket upgrades need HTTP/1.1: a proxy in between may have to be told so");

    public static HandshakeRefusal Version { get; } = new(StatusCodes.Status426UpgradeRequired, "WebSocket version 13 required")
    {
        Headers = Header(HeaderNames.SecWebSocketVersion, WebSocketHandshake.SupportedVersion),
    };

    public static HandshakeRefusal Key { get; } = new(StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64");

    public static HandshakeRefusal Extensions { get; } = new(StatusCodes.Status400BadRequest, "Sec-WebSocket-Extensions is malformed");

    /// <summary>Headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The headers of a refusal that has one.</summary>
    public static IReadOnlyDictionary<string, string> Header(string name, string value) => new Dictionary<string, string> { [name] = value };

    /// <summary>Answers with <c>{"error":…}</c>, however the host spells its own JSON.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        var body = JsonSerializer.SerializeToUtf8Bytes(new Body(Error), JsonSerializerOptions.Web);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private sealed record Body(string Error);
}
