using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>The echo endpoint on real Kestrel sockets.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoServer(WebApplication app, DeadlineSweep sweep)
    {
        _app = app;
        Sweep = sweep;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public int Port { get; }

    public DeadlineSweep Sweep { get; }

    public Uri Uri => new($"ws://127.0.0.1:{Port}/echo");

    public static async Task<EchoServer> StartAsync(
        WebSocketProtocolOptions? options = null, HttpProtocols protocols = HttpProtocols.Http1, Action<KestrelServerOptions>? configure = null,
        TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
            configure?.Invoke(kestrel);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        var sweep = new DeadlineSweep(clock ?? TimeProvider.System);
        app.MapEcho("/echo", sweep, options);
        await app.StartAsync();
        return new EchoServer(app, sweep);
    }

    public async ValueTask DisposeAsync()
    {
        Sweep.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
