using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Verb.Actors.Delivery;
using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.WebSockets;

/// <summary>A plain echo of text and binary, for conformance suites (configuration <c>Verb:Echo</c>).</summary>
internal static class EchoEndpoint
{
    public static IEndpointConventionBuilder MapEcho(
        this IEndpointRouteBuilder endpoints, string pattern, DeadlineSweep sweep, WebSocketProtocolOptions? options = null)
    {
        var upgrade = new WebSocketUpgrade(options ?? new WebSocketProtocolOptions(), sweep);
        return endpoints.Map(pattern, (HttpContext context) => AnswerAsync(context, upgrade));
    }

    private static async Task AnswerAsync(HttpContext context, WebSocketUpgrade upgrade)
    {
        if (WebSocketHandshake.Examine(context) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        using var socket = await upgrade.AcceptAsync(context, subprotocol: null);
        await EchoAsync(socket);
    }

    internal static async Task EchoAsync(WebSocketConnection socket)
    {
        while (true)
        {
            var received = await socket.ReceiveAsync();
            switch (received.Kind)
            {
                case ReceiveKind.Text:
                    socket.Write(new Outgoing(received.Payload, FrameKind.Text));
                    break;
                case ReceiveKind.Binary:
                    socket.Write(new Outgoing(received.Payload, FrameKind.Binary));
                    break;
                case ReceiveKind.Ping:
                    socket.Pong(received.Payload.Span);
                    break;
                case ReceiveKind.Close or ReceiveKind.Failure:
                    socket.Close(received.CloseReason);
                    continue;
                case ReceiveKind.End:
                    return;
                default:
                    continue;
            }

            await socket.Flush();
        }
    }
}
