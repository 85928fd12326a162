using Microsoft.AspNetCore.Http;

namespace Verb.Gateway.Handshake;

/// <summary>Answers a handshake that is refused before the upgrade.</summary>
internal static class HandshakeRefusals
{
    /// <summary>Writes status, headers and the body <c>{"error":…}</c>.</summary>
    public static Task Write(HttpContext http, HandshakeDecision.Refused refusal)
    {
        http.Response.StatusCode = refusal.Status;
        foreach (var (name, value) in refusal.Headers)
            http.Response.Headers[name] = value;
        return http.Response.WriteAsJsonAsync(new Body(refusal.Error), http.RequestAborted);
    }

    private sealed record Body(string Error);
}
