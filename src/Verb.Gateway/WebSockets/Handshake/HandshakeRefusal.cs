using Microsoft.AspNetCore.Http;

namespace Verb.Gateway.WebSockets.Handshake;

/// <summary>Why a request cannot become a WebSocket, as the answer that says so.</summary>
internal sealed record HandshakeRefusal(int Status, string Error)
{
    public static HandshakeRefusal NotAnUpgrade { get; } = new(StatusCodes.Status400BadRequest, "WebSocket upgrade required");

    public static HandshakeRefusal Method { get; } = new(StatusCodes.Status405MethodNotAllowed, "WebSocket upgrades use GET");

    public static HandshakeRefusal Version { get; } = new(StatusCodes.Status426UpgradeRequired, "WebSocket version 13 required");

    public static HandshakeRefusal Key { get; } = new(StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64");

    public static HandshakeRefusal Extensions { get; } = new(StatusCodes.Status400BadRequest, "Sec-WebSocket-Extensions is malformed");

    /// <summary>Answers with <c>{"error":…}</c>.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (Status == StatusCodes.Status426UpgradeRequired)
            response.Headers.SecWebSocketVersion = WebSocketHandshake.SupportedVersion;
        if (Status == StatusCodes.Status405MethodNotAllowed)
            response.Headers.Allow = HttpMethods.Get;
        response.ContentType = "application/json";
        return response.WriteAsync($$"""{"error":"{{Error}}"}""", context.RequestAborted);
    }
}
