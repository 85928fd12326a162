using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.Gateway.Handshake;
using Verb.Gateway.Limits;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.Hosting;

/// <summary>
/// The way into a route of sockets: examines the handshake, counts the connection in, upgrades, and counts it out once it was served.
/// </summary>
internal sealed class SocketDoor(
    HubHost host, HandshakeDesk desk, CapacityGate capacity, AddressLimit addresses, VerbRouteOptions route, WebSocketProtocolOptions protocol)
{
    private static readonly IReadOnlyDictionary<string, string> RetrySoon = HandshakeRefusal.Header(HeaderNames.RetryAfter, "1");

    private static readonly HandshakeDecision.Refused Draining = new(
        RefusalCause.Draining, new HandshakeRefusal(StatusCodes.Status503ServiceUnavailable, "The server is shutting down") { Headers = RetrySoon });

    private static readonly HandshakeDecision.Refused FullAddress = new(
        RefusalCause.Address, new HandshakeRefusal(StatusCodes.Status503ServiceUnavailable, "Too many connections from this address") { Headers = RetrySoon });

    private static readonly HandshakeRefusal FullServer =
        new(StatusCodes.Status503ServiceUnavailable, "The web server has no room for another connection") { Headers = RetrySoon };

    private readonly WebSocketUpgrade _upgrade = new(protocol, host.Sweep);

    /// <summary>How a route's sockets speak.</summary>
    public static WebSocketProtocolOptions ProtocolOptions(VerbRouteOptions route) => new()
    {
        MaxMessageBytes = route.Limits.MaxMessageBytes,
        MaxTextBytes = route.Limits.MaxCommandBytes,
        MaxCompressedBytes = route.Socket.MaxCompressedBytes,
        ValidateUtf8 = route.Socket.ValidateUtf8,
        Compression = route.Socket.Compression,
        CompressionThreshold = route.Socket.CompressionThreshold,
        ServerMaxWindowBits = route.Socket.ServerMaxWindowBits,
        ClientMaxWindowBits = route.Socket.ClientMaxWindowBits,
        ServerNoContextTakeover = route.Socket.ServerNoContextTakeover,
        ClientNoContextTakeover = route.Socket.ClientNoContextTakeover,
        MessageTimeout = route.Socket.MessageTimeout,
        CloseTimeout = route.Socket.CloseTimeout,
    };

    /// <summary>Lets in, or refuses.</summary>
    /// <param name="http">The handshake.</param>
    /// <param name="serve">Serves a socket until its end; the door disposes of it.</param>
    public async Task Handle(HttpContext http, Func<WebSocketConnection, HandshakeDecision.Accepted, Task> serve)
    {
        if (WebSocketHandshake.Examine(http) is { } unfit)
        {
            await unfit.WriteAsync(http);
            return;
        }

        var decision = ShuttingDown() ?? await desk.Decide(http, route);
        if ((ShuttingDown() ?? decision) is HandshakeDecision.Refused refused)
        {
            await Refuse(http, refused);
            return;
        }

        var address = http.Connection.RemoteIpAddress;
        if (!addresses.TryEnter(address))
        {
            await Refuse(http, FullAddress);
            return;
        }

        var counted = capacity.TryEnter();
        try
        {
            var accepted = (HandshakeDecision.Accepted)decision;
            using var socket = await Accept(http, accepted);
            if (socket is null)
            {
                if (counted)
                    capacity.Refuse();
                counted = false;
                await FullServer.WriteAsync(http);
            }
            else if (counted)
            {
                await serve(socket, accepted);
            }
            else
            {
                await TurnAway(socket);
            }
        }
        catch (IOException)
        {
            // The peer left during the upgrade.
        }
        finally
        {
            if (counted)
                capacity.Leave();
            addresses.Leave(address);
        }
    }

    private Task<WebSocketConnection?> Accept(HttpContext http, HandshakeDecision.Accepted accepted)
    {
        foreach (var (name, value) in accepted.Headers)
            http.Response.Headers[name] = value;
        return _upgrade.AcceptAsync(http, accepted.Subprotocol);
    }

    /// <summary>A node that drains takes nobody, also of those whose handshake was under way.</summary>
    private HandshakeDecision.Refused? ShuttingDown() => host.Drain.HasBegun ? Draining : null;

    private Task Refuse(HttpContext http, HandshakeDecision.Refused refused)
    {
        host.Refusals.Count(refused.Cause);
        return refused.Answer.WriteAsync(http);
    }

    /// <summary>The node is full: the client is told so and comes back elsewhere or later.</summary>
    private static async Task TurnAway(WebSocketConnection socket)
    {
        socket.IsPeerKnown = false;
        var error = new CommandError(ErrorCode.Overloaded, "This node has no room for another connection.", CommandError.OverloadedRetryAfter);
        socket.Write(new Outgoing(WireFormat.Event(new ServerEvent.Error(error, null)), FrameKind.Text));
        socket.Close(CloseReason.AtCapacity);
        while ((await socket.ReceiveAsync()).Kind != ReceiveKind.End)
        {
            // Until the peer has taken the close.
        }
    }
}
