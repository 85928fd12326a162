using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Hosting;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Http;

/// <summary>Maps the HTTP API below <c>/api</c>.</summary>
internal static class ApiRoutes
{
    public static RouteGroupBuilder MapHubApi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var hub = services.GetRequiredService<IVerbHub>();
        var access = services.GetRequiredService<ApiAccess>();
        var publish = new PublishRoutes(hub, access, services.GetRequiredService<VerbOptions>());
        var read = new ReadRoutes(hub, access);
        var drain = new DrainRoute(services.GetRequiredService<Drain>(), services.GetRequiredService<ConnectionDirectory>(), access);
        var log = services.GetRequiredService<ILogger<ApiEndpoint>>();

        var api = endpoints.MapGroup("/api");
        api.MapPost("/rooms/{roomId}/messages", Endpoint(publish.ToRoom, log));
        api.MapPost("/topics/{*topic}", Endpoint(publish.ToTopic, log));
        api.MapPost("/notify/{userId}", Endpoint(publish.ToUser, log));
        api.MapPost("/broadcast", Endpoint(publish.ToEveryone, log));
        api.MapPost("/drain", Endpoint(drain.Begin, log));
        api.MapRead("/rooms/{roomId}", Endpoint(read.Room, log));
        api.MapRead("/rooms/{roomId}/members", Endpoint(read.Members, log));
        api.MapRead("/rooms/{roomId}/messages", Endpoint(read.Messages, log));
        return api;
    }

    private static RequestDelegate Endpoint(Func<HttpContext, Task<ApiResult>> handler, ILogger log) => new ApiEndpoint(handler, log).Handle;
}
