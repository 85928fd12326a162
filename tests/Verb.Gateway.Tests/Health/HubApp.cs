using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Verb.Gateway.Hosting;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Health;

/// <summary>A whole hub with everything in memory, asked without a network.</summary>
internal sealed class HubApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _uploads;

    private HubApp(WebApplication app, string uploads) => (_app, _uploads) = (app, uploads);

    public HttpClient Client => _app.GetTestClient();

    public HubHost Host => _app.Services.GetRequiredService<HubHost>();

    public IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    public static async Task<HubApp> Start(VerbOptions? options = null, string? environment = null, Action<RouteGroupBuilder>? api = null)
    {
        var uploads = Directory.CreateTempSubdirectory("verb-uploads-").FullName;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment ?? Environments.Production });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddVerb((options ?? new VerbOptions()) with
        {
            Storage = new StorageOptions { Kind = StorageKind.Memory },
            Uploads = new UploadOptions { Path = uploads },
        });
        var app = builder.Build();
        var group = app.MapVerbApi();
        api?.Invoke(group);
        await app.StartAsync();
        return new HubApp(app, uploads);
    }

    public async Task<JsonDocument> Json(string path) => JsonDocument.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative)));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_uploads, recursive: true);
    }
}
