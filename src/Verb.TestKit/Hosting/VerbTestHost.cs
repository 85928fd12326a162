using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Verb.Contracts;

namespace Verb.TestKit.Hosting;

/// <summary>
/// A host with the hub inside, on real Kestrel at a free port of the loopback address: what a client meets in production. Nothing of the
/// surroundings' configuration reaches it, and its folder goes with it.
/// </summary>
/// <example>
/// <code>
/// await using var host = await VerbTestHost.StartAsync();
/// await using var client = await host.ConnectAsync();
/// await client.AskAsync("""{"type":"join_room","roomId":"lobby"}""");
/// </code>
/// </example>
public sealed class VerbTestHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private VerbTestHost(WebApplication app, DirectoryInfo folder)
    {
        (_app, _folder) = (app, folder);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:port/</c>.</summary>
    public Uri Address { get; }

    /// <summary>The hub, as the host application sees it.</summary>
    public IVerbHub Hub => Services.GetRequiredService<IVerbHub>();

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a host; where that fails nothing of it is left.</summary>
    public static async Task<VerbTestHost> StartAsync(VerbTestHostOptions? options = null)
    {
        options ??= new VerbTestHostOptions();
        var folder = Directory.CreateTempSubdirectory("verb-");
        WebApplication? app = null;
        try
        {
            app = Build(options, folder);
            Map(app, options);
            await app.StartAsync();
            return new VerbTestHost(app, folder);
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>The address of a socket route, with a query such as <c>?token=…</c> where one is given.</summary>
    public Uri SocketAddress(string route = "/ws") => new(new UriBuilder(Address) { Scheme = "ws" }.Uri, route);

    /// <summary>Connects a client and leaves it before its first message.</summary>
    /// <exception cref="HandshakeRefusedException">The hub refused the handshake.</exception>
    public Task<SocketClient> ConnectAsync(string route = "/ws", SocketClientOptions? options = null) =>
        SocketClient.ConnectAsync(SocketAddress(route), options);

    /// <summary>Stops the hub as a signal does: the clients are told, given their grace, and closed.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Stops at once and removes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static WebApplication Build(VerbTestHostOptions options, DirectoryInfo folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            options.Kestrel?.Invoke(kestrel);
        });
        builder.Services.AddRouting();
        builder.Services.AddLogging();
        options.Services?.Invoke(builder.Services);
        var verb = builder.Services.AddVerb(options.Hub with
        {
            Storage = options.Hub.Storage with { Path = Path.Combine(folder.FullName, "verb.db") },
            Uploads = options.Hub.Uploads with { Path = Path.Combine(folder.FullName, "uploads") },
        });
        options.Verb?.Invoke(verb);
        return builder.Build();
    }

    private static void Map(WebApplication app, VerbTestHostOptions options)
    {
        app.UseRouting();
        if (options.Routes is { } map)
        {
            map(app);
            return;
        }

        app.MapVerb();
        app.MapVerbApi();
    }
}
