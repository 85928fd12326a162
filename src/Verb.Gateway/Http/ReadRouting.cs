using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Verb.Gateway.Http;

/// <summary>Maps what is read: with GET, and with HEAD for the headers alone (RFC 9110, section 9.3.2).</summary>
internal static class ReadRouting
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointConventionBuilder MapRead(this IEndpointRouteBuilder endpoints, string pattern, RequestDelegate handler) =>
        endpoints.MapMethods(pattern, Methods, handler);
}
