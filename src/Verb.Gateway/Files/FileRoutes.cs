using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verb.Actors.Files;
using Verb.Contracts;
using Verb.Gateway.Http;

namespace Verb.Gateway.Files;

/// <summary>Maps <c>/files/{id}</c>, and lets the links to files lead there.</summary>
internal static class FileRoutes
{
    public static IEndpointConventionBuilder MapHubFiles(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var endpoint = new FileEndpoint(
            services.GetRequiredService<IFileStore>(),
            services.GetRequiredService<IVerbHub>(),
            services.GetRequiredService<ApiAccess>(),
            services.GetRequiredService<ILogger<FileEndpoint>>());
        var links = services.GetRequiredService<FileLinks>();
        var route = endpoints.MapRead("/files/{id}", endpoint.Handle);
        route.Add(built => links.Pattern = ((RouteEndpointBuilder)built).RoutePattern.RawText!); // With the prefixes of all its groups.
        return route;
    }
}
