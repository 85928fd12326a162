using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verb.Gateway.ApiDescription;
using Verb.Gateway.Auth;
using Verb.Gateway.Files;
using Verb.Gateway.Handshake;
using Verb.Gateway.Health;
using Verb.Gateway.Hosting;
using Verb.Gateway.Http;
using Verb.Gateway.Limits;
using Verb.Gateway.Metrics;
using Verb.Gateway.Settings;
using Verb.Gateway.WebSockets;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the hub's routes.</summary>
public static class VerbRoutes
{
    /// <summary>
    /// Maps a socket route that speaks <c>verb.v1</c>; any number may be mapped, each with its own copy of the options. What the host adds
    /// to the endpoint (authorization, CORS, rate limits) holds for the handshake.
    /// </summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="pattern">The path. Default <c>/ws</c>.</param>
    /// <param name="configure">Changes the route's copy of the options.</param>
    /// <exception cref="ArgumentException">A header or a subprotocol of the route is not allowed.</exception>
    /// <exception cref="VerbSettingsException">An option of the route is not allowed.</exception>
    public static IEndpointConventionBuilder MapVerb(
        this IEndpointRouteBuilder endpoints, string pattern = "/ws", Func<VerbRouteOptions, VerbRouteOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var options = services.GetRequiredService<VerbOptions>();
        var route = VerbRouteOptions.From(options);
        route = configure?.Invoke(route) ?? route;
        route.Check(options.Auth, hostVerifiesTokens: services.GetRequiredService<ITokenVerifier>() is not NoTokens);
        var endpoint = new SocketEndpoint(
            services.GetRequiredService<HubHost>(),
            services.GetRequiredService<HandshakeDesk>(),
            services.GetRequiredService<CapacityGate>(),
            services.GetRequiredService<AddressLimit>(),
            route,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SocketEndpoint>>());
        return endpoints.Map(pattern, (RequestDelegate)endpoint.Handle).WithDisplayName($"Verb sockets at {pattern}").AsConnections();
    }

    /// <summary>
    /// Maps what stands beside the sockets: the HTTP API, files, health, status, metrics and the descriptions, and <c>/echo</c> where
    /// <c>Verb:Echo</c> says so.
    /// </summary>
    public static IEndpointRouteBuilder MapVerbApi(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var host = endpoints.ServiceProvider.GetRequiredService<HubHost>();
        var options = endpoints.ServiceProvider.GetRequiredService<VerbOptions>();
        endpoints.MapHubHealth(host.Readiness, () => host.Status);
        endpoints.MapHubApi();
        endpoints.MapHubFiles();
        endpoints.MapHubMetrics(endpoints.ServiceProvider.GetRequiredService<PrometheusExporter>());
        endpoints.MapHubDescriptions();
        if (options.Echo)
            endpoints.MapEcho("/echo", host.Sweep).AsConnections();
        return endpoints;
    }

    /// <summary>A connection lives for hours and is no slow request: the host's request timeouts do not end it, its request times do not count it.</summary>
    private static IEndpointConventionBuilder AsConnections(this IEndpointConventionBuilder sockets) =>
        sockets.DisableRequestTimeout().DisableHttpMetrics();
}
