using Microsoft.AspNetCore.Cors.Infrastructure;
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
            Door(services, route, SocketDoor.ProtocolOptions(route)),
            route,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SocketEndpoint>>());
        return endpoints.Map(pattern, (RequestDelegate)endpoint.Handle).WithDisplayName($"Verb sockets at {pattern}").AsConnections();
    }

    /// <summary>
    /// Maps what stands beside the sockets: the HTTP API, files, health, status, metrics and the descriptions, and <c>/echo</c> where
    /// <c>Verb:Echo</c> says so. Pages of <c>Verb:Socket:AllowedOrigins</c> may use it (CORS). What the host adds to the group (authorization, CORS, hosts) holds for all of it.
    /// </summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="prefix">A path below which all of it stands, such as <c>/hub</c>: links to files begin with it. Default none.</param>
    /// <exception cref="ArgumentException">The prefix has parameters: what links to files begin with would not be known.</exception>
    public static RouteGroupBuilder MapVerbApi(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Contains('{', StringComparison.Ordinal))
            throw new ArgumentException("The prefix of the HTTP API takes no parameters.", nameof(prefix));
        var group = endpoints.MapGroup(prefix);
        var host = endpoints.ServiceProvider.GetRequiredService<HubHost>();
        var options = endpoints.ServiceProvider.GetRequiredService<VerbOptions>();
        group.MapHubHealth(host.Readiness, () => host.Status);
        group.MapHubApi();
        group.MapHubFiles();
        group.MapHubMetrics(endpoints.ServiceProvider.GetRequiredService<PrometheusExporter>());
        group.MapHubDescriptions();
        new ListedPages(options.Socket.AllowedOrigins, endpoints.ServiceProvider.GetRequiredService<ICorsService>()).MayUse(group);
        if (options.Echo)
            group.MapEcho("/echo", options).AsConnections();
        return group;
    }

    private static IEndpointConventionBuilder MapEcho(this IEndpointRouteBuilder endpoints, string pattern, VerbOptions options)
    {
        var services = endpoints.ServiceProvider;
        var route = VerbRouteOptions.From(options) with { Mode = AuthMode.Anonymous };
        var door = Door(services, route, new WebSocketProtocolOptions());
        var drain = services.GetRequiredService<Drain>();
        var echo = new EchoEndpoint(route.Socket.IdleTimeout, services.GetRequiredService<TimeProvider>(), drain.Closing);
        return endpoints.Map(pattern, (HttpContext http) => door.Handle(http, (socket, _) => echo.Serve(socket)));
    }

    private static SocketDoor Door(IServiceProvider services, VerbRouteOptions route, WebSocketProtocolOptions protocol) => new(
        services.GetRequiredService<HubHost>(),
        services.GetRequiredService<HandshakeDesk>(),
        services.GetRequiredService<CapacityGate>(),
        services.GetRequiredService<AddressLimit>(),
        route,
        protocol);

    /// <summary>A connection lives for hours and is no slow request: the host's request timeouts do not end it, its request times do not count it.</summary>
    private static IEndpointConventionBuilder AsConnections(this IEndpointConventionBuilder sockets) =>
        sockets.DisableRequestTimeout().DisableHttpMetrics();
}
