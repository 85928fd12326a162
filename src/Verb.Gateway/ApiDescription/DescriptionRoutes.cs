using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Verb.Gateway.Http;

namespace Verb.Gateway.ApiDescription;

/// <summary>Maps <c>/openapi.json</c>, the HTTP API, and <c>/asyncapi.json</c>, the sockets' protocol.</summary>
internal static class DescriptionRoutes
{
    public static void MapHubDescriptions(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, "/openapi.json", Document.OpenApi);
        Map(endpoints, "/asyncapi.json", Document.AsyncApi);
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, byte[] document) => endpoints.MapRead(path, async http =>
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = document.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(document, http.RequestAborted);
    });
}
