using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Verb.Gateway.Http;

namespace Verb.Gateway.Health;

/// <summary>Maps <c>/health</c>, <c>/health/live</c>, <c>/health/ready</c> and <c>/api/status</c>: open to everyone, and free of secrets.</summary>
internal static class HealthRoutes
{
    public static void MapHubHealth(this IEndpointRouteBuilder endpoints, Readiness readiness, Func<HubStatus> status)
    {
        endpoints.MapRead("/health", http => Write(http, StatusCodes.Status200OK, "text/plain; charset=utf-8", "OK"u8.ToArray()));
        endpoints.MapRead("/health/live", http => Write(http, StatusCodes.Status200OK, "application/json", """{"status":"live"}"""u8.ToArray()));
        endpoints.MapRead("/health/ready", http => Ready(http, readiness));
        endpoints.MapRead("/api/status", http => Write(http, StatusCodes.Status200OK, "application/json", status().ToJson()));
    }

    private static async Task Ready(HttpContext http, Readiness readiness)
    {
        if (await readiness.Reason(http.RequestAborted) is { } reason)
            await Write(http, StatusCodes.Status503ServiceUnavailable, "application/json", JsonSerializer.SerializeToUtf8Bytes(new Unready("unready", reason), JsonSerializerOptions.Web));
        else
            await Write(http, StatusCodes.Status200OK, "application/json", """{"status":"ready"}"""u8.ToArray());
    }

    private static async Task Write(HttpContext http, int status, string type, byte[] body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private sealed record Unready(string Status, string Reason);
}
