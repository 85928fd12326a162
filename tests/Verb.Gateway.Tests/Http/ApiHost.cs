using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Verb.Actors.Connections;
using Verb.Actors.Files;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Files;
using Verb.Gateway.Hosting;
using Verb.Gateway.Http;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.Files;

namespace Verb.Gateway.Tests.Http;

/// <summary>The HTTP API and the files over a scripted hub, without a network.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string Key = "the-key-of-the-tests";

    private readonly WebApplication _app;
    private readonly bool _overNetwork;

    private ApiHost(WebApplication app, bool overNetwork) => (_app, _overNetwork) = (app, overNetwork);

    public ScriptedHub Hub { get; private init; } = new();

    public FewFiles Files { get; private init; } = new();

    public required Drain Drain { get; init; }

    /// <summary>Asks without a network, or over it where the host was started so.</summary>
    public required HttpClient Client { get; init; }

    public static async Task<ApiHost> Start(
        VerbOptions? options = null, string? environment = null, bool overNetwork = false)
    {
        var hub = new ScriptedHub();
        var files = new FewFiles();
        var connections = new ConnectionDirectory();
        var drain = new Drain(
            connections, _ => Task.CompletedTask, new DrainOptions(), TimeProvider.System, new Random(1), NullLogger<Drain>.Instance);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment ?? Environments.Production });
        if (overNetwork)
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services
            .AddSingleton(options ?? new VerbOptions { ApiKey = Key })
            .AddSingleton<IVerbHub>(hub)
            .AddSingleton<IFileStore>(files)
            .AddSingleton<FileLinks>()
            .AddSingleton<ITokenVerifier, ScriptedTokens>()
            .AddSingleton(connections)
            .AddSingleton(drain)
            .AddSingleton<ApiAccess>();
        var app = builder.Build();
        app.MapHubApi();
        app.MapHubFiles();
        await app.StartAsync();
        var client = overNetwork ? new HttpClient { BaseAddress = new Uri(app.Urls.Single()) } : app.GetTestClient();
        return new ApiHost(app, overNetwork) { Drain = drain, Hub = hub, Files = files, Client = client };
    }

    public IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public Task<HttpResponseMessage> Post(string path, string body, string? key = Key, string type = "application/json", string? token = null) =>
        Post(path, Encoding.UTF8.GetBytes(body), key, type, token);

    public async Task<HttpResponseMessage> Post(string path, byte[] body, string? key = Key, string type = "application/json", string? token = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var request = new HttpRequestMessage(HttpMethod.Post, Target(path)) { Content = content };
        return await Send(request, key, token);
    }

    public async Task<HttpResponseMessage> Get(string path, string? key = Key, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Target(path));
        return await Send(request, key, token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Over the network the target goes out as it is written, broken percent-encoding too.</summary>
    private Uri Target(string path) => new(
        Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path,
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = _overNetwork });

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, string? key, string? token)
    {
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return Client.SendAsync(request);
    }
}
