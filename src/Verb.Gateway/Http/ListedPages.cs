using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Verb.Contracts;
using Verb.Gateway.Handshake;

namespace Verb.Gateway.Http;

/// <summary>
/// Lets pages of the listed origins use the HTTP API: CORS as ASP.NET's own service judges it, preflights too, without a middleware of the host. What
/// the host has given a policy of its own keeps that one.
/// </summary>
internal sealed class ListedPages(IReadOnlyList<string> allowed, ICorsService cors)
{
    private static readonly string[] Exposed =
    [
        HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, HeaderNames.ETag, HeaderNames.ContentDisposition, HeaderNames.ContentRange, HeaderNames.AcceptRanges,
    ];

    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    private readonly CorsPolicy _listed = Policy(builder => builder.SetIsOriginAllowed(origin => OriginRule.IsListed(origin, allowed)).AllowCredentials());

    /// <summary>Where every page may come, what its user's browser holds for the host is not sent along.</summary>
    private readonly CorsPolicy _any = Policy(builder => builder.AllowAnyOrigin());

    /// <summary>Holds for each endpoint of the group that names its methods: sockets have a handshake of their own.</summary>
    public void MayUse(IEndpointConventionBuilder group)
    {
        if (allowed.Count > 0)
            group.Finally(Open);
    }

    private void Open(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } handle
            || endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is not { } methods
            || endpoint.Metadata.OfType<ICorsMetadata>().Any())
            return;
        methods.AcceptCorsPreflight = true;
        endpoint.RequestDelegate = http => Judge(http) is { IsPreflightRequest: true } preflight ? Answer(http, preflight) : handle(http);
    }

    private CorsResult? Judge(HttpContext http)
    {
        if (!http.Request.Headers.ContainsKey(HeaderNames.Origin))
            return null;
        var isListed = OriginRule.IsListed(http.Request.Headers.Origin.ToString(), allowed);
        var result = cors.EvaluatePolicy(http, isListed || !OriginRule.IsForAll(allowed) ? _listed : _any);
        cors.ApplyResult(result, http.Response);
        return result;
    }

    private static Task Answer(HttpContext http, CorsResult preflight)
    {
        if (!preflight.IsOriginAllowed)
            return ApiWriter.Write(http, ApiResult.Refused(ErrorCode.Forbidden, "This page's origin is not in 'Verb:Socket:AllowedOrigins'."));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static CorsPolicy Policy(Action<CorsPolicyBuilder> origins)
    {
        var builder = new CorsPolicyBuilder().AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Exposed).SetPreflightMaxAge(PreflightAge);
        origins(builder);
        return builder.Build();
    }
}
