using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Verb.Gateway.WebSockets.Deflate;

namespace Verb.Gateway.WebSockets.Handshake;

/// <summary>Turns a request that <see cref="WebSocketHandshake.Examine"/> found good into a WebSocket. One per route.</summary>
internal sealed class WebSocketUpgrade(WebSocketProtocolOptions options, DeadlineSweep sweep)
{
    // The kernel doubles it; left alone it would take megabytes of a slow reader's backlog out of the send buffer's sight.
    private const int SocketSendBufferBytes = 64 * 1024;

    private readonly DeflateNegotiator _deflate = new(options);

    /// <summary>
    /// Sends the 101 (or 200 on HTTP/2) and gives the socket. The caller sets other response headers before, and does not return from the
    /// endpoint before reader and writer are done and the socket is disposed.
    /// </summary>
    /// <returns>Null where the web server has as many upgraded connections as it may have: nothing was sent.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    public async Task<WebSocketConnection?> AcceptAsync(HttpContext context, string? subprotocol)
    {
        var deflate = _deflate.Negotiate(WebSocketHandshake.Extensions(context.Request) ?? []);
        var headers = context.Response.Headers;
        if (subprotocol is not null)
            headers.SecWebSocketProtocol = subprotocol;
        if (deflate is not null)
            headers.SecWebSocketExtensions = deflate.Response;

        try
        {
            var transport = WebSocketHandshake.IsExtendedConnect(context) ? await ConnectAsync(context) : await UpgradeAsync(context);
            return new WebSocketConnection(transport, options, deflate, sweep);
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted && HasUpgradeLimit(context))
        {
            context.Response.Clear();
            return null;
        }
    }

    /// <summary>The web server throws no exception of its own for it.</summary>
    private static bool HasUpgradeLimit(HttpContext context) =>
        context.RequestServices?.GetService<IOptions<KestrelServerOptions>>()?.Value.Limits.MaxConcurrentUpgradedConnections is not null;

    private static async Task<WebSocketTransport> ConnectAsync(HttpContext context)
    {
        LiftBodyLimits(context);
        var stream = await context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync();
        var pipe = new StreamDuplexPipe(stream);
        return new WebSocketTransport(pipe, context.Abort)
        {
            Release = pipe.Dispose,
            HalfClose = () => _ = context.Response.CompleteAsync(),
            Closed = context.RequestAborted,
            InputEnded = context.RequestAborted,
        };
    }

    private static async Task<WebSocketTransport> UpgradeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Upgrade = "websocket";
        headers.Connection = "Upgrade";
        headers.SecWebSocketAccept = WebSocketHandshake.Accept(context.Request.Headers.SecWebSocketKey.ToString());

        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await stream.FlushAsync(context.RequestAborted);
        if (context.Features.Get<IConnectionTransportFeature>()?.Transport is not { } pipe)
        {
            var streamPipe = new StreamDuplexPipe(stream);
            return new WebSocketTransport(streamPipe, context.Abort)
            {
                Release = streamPipe.Dispose,
                Closed = context.RequestAborted,
                InputEnded = context.RequestAborted,
            };
        }

        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        SetSendBuffer(socket);
        var isPlain = context.Features.Get<ITlsHandshakeFeature>() is null;
        return new WebSocketTransport(pipe, AbortOf(context))
        {
            HalfClose = isPlain && socket is not null ? () => HalfClose(socket) : null,
            InputEnded = context.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed ?? context.RequestAborted,
        };
    }

    private static Action AbortOf(HttpContext context) =>
        context.Features.Get<IConnectionLifetimeFeature>() is { } lifetime ? lifetime.Abort : context.Abort;

    private static void LiftBodyLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
            requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
            bodySize.MaxRequestBodySize = null;
    }

    private static void SetSendBuffer(Socket? socket)
    {
        if (socket is null)
            return;

        try
        {
            socket.SendBufferSize = SocketSendBufferBytes;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer is gone already; the first read says so.
        }
    }

    private static void HalfClose(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
    }
}
