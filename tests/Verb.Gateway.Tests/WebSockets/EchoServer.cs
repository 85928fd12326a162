using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>
/// The echo endpoint on real Kestrel sockets, and beside it <c>/leave</c>, where the server closes first, and <c>/slow</c>, where it does so once
/// the client takes no more.
/// </summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoServer(WebApplication app, DeadlineSweep sweep, string? certificateName)
    {
        _app = app;
        Sweep = sweep;
        CertificateName = certificateName;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public static CloseReason Leaving { get; } = new(4321, "leaving");

    public int Port { get; }

    /// <summary>The subject of its certificate; null: cleartext.</summary>
    public string? CertificateName { get; }

    public DeadlineSweep Sweep { get; }

    public Uri Uri => new($"ws://127.0.0.1:{Port}/echo");

    public static async Task<EchoServer> StartAsync(
        WebSocketProtocolOptions? options = null, HttpProtocols protocols = HttpProtocols.Http1, Action<KestrelServerOptions>? configure = null,
        TimeProvider? clock = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
            configure?.Invoke(kestrel);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        var sweep = new DeadlineSweep(clock ?? TimeProvider.System);
        var upgrade = new WebSocketUpgrade(options ?? new WebSocketProtocolOptions(), sweep);
        app.Map("/echo", context => EchoAsync(context, upgrade));
        app.Map("/leave", context => LeaveAsync(context, upgrade));
        app.Map("/slow", context => FloodAsync(context, upgrade));
        await app.StartAsync();
        return new EchoServer(app, sweep, certificate?.Subject);
    }

    private static async Task EchoAsync(HttpContext context, WebSocketUpgrade upgrade)
    {
        if (WebSocketHandshake.Examine(context) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        using var socket = await upgrade.AcceptAsync(context, subprotocol: null);
        await new EchoEndpoint(TimeSpan.Zero, TimeProvider.System, CancellationToken.None).Serve(socket.ShouldNotBeNull());
    }

    private static async Task FloodAsync(HttpContext context, WebSocketUpgrade upgrade)
    {
        using var socket = (await upgrade.AcceptAsync(context, subprotocol: null)).ShouldNotBeNull();
        Task<bool> flush;
        do
        {
            socket.Write(new Outgoing(new byte[10_000], FrameKind.Binary));
            flush = socket.Flush().AsTask();
        }
        while (flush.IsCompleted && await flush);
        socket.Close(CloseReason.TooSlow);
        while ((await socket.ReceiveAsync()).Kind != ReceiveKind.End)
        {
            // Until the peer has taken the close.
        }

        await flush;
    }

    private static async Task LeaveAsync(HttpContext context, WebSocketUpgrade upgrade)
    {
        using var socket = (await upgrade.AcceptAsync(context, subprotocol: null)).ShouldNotBeNull();
        socket.Close(Leaving);
        while ((await socket.ReceiveAsync()).Kind != ReceiveKind.End)
        {
            // Until the peer has taken the close.
        }
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
