using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Verb.Gateway.Auth;

namespace Verb.Gateway.Handshake;

/// <summary>Takes a <see cref="ClientConnection"/> from a request: it outlives the request, so everything is copied.</summary>
internal static class ClientConnections
{
    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Authorization, HeaderNames.ProxyAuthorization, HeaderNames.Cookie, HeaderNames.SecWebSocketProtocol, "X-Api-Key",
    };

    public static ClientConnection Of(HttpContext context, string clientId, DateTimeOffset now, bool withHeaders)
    {
        var request = context.Request;
        var connection = new ClientConnection
        {
            ClientId = clientId,
            RemoteAddress = context.Connection.RemoteIpAddress,
            UserAgent = First(request.Headers.UserAgent),
            Origin = First(request.Headers.Origin),
            Path = request.Path.Value ?? "/",
            PathBase = Below(request.PathBase),
            Query = QueryRedaction.WithoutSecrets(request.QueryString),
            ConnectedAt = now,
        };
        return withHeaders ? connection with { Headers = Copy(request.Headers) } : connection;
    }

    /// <summary>One slash at its beginning, so that no link made of it leads to another host, and none at its end.</summary>
    private static string Below(PathString pathBase) => pathBase.ToUriComponent().Trim('/') is { Length: > 0 } path ? "/" + path : "";

    private static Dictionary<string, string> Copy(IHeaderDictionary headers) => headers
        .Where(header => !Secret.Contains(header.Key))
        .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    private static string? First(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values[0];
}
