using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Limits;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.Hosting;

/// <summary>
/// One socket route: examines the handshake, counts the connection in, upgrades, and joins the socket to its actor until both have ended.
/// </summary>
internal sealed partial class SocketEndpoint(
    HubHost host, HandshakeDesk desk, CapacityGate capacity, AddressLimit addresses, VerbRouteOptions route, TimeProvider clock, ILogger log)
{
    private static readonly IReadOnlyDictionary<string, string> RetrySoon = HandshakeRefusal.Header(HeaderNames.RetryAfter, "1");

    private static readonly HandshakeDecision.Refused Draining = new(
        RefusalCause.Draining, new HandshakeRefusal(StatusCodes.Status503ServiceUnavailable, "The server is shutting down") { Headers = RetrySoon });

    private static readonly HandshakeDecision.Refused FullAddress = new(
        RefusalCause.Address, new HandshakeRefusal(StatusCodes.Status503ServiceUnavailable, "Too many connections from this address") { Headers = RetrySoon });

    private readonly WebSocketUpgrade _upgrade = new(ProtocolOptions(route), host.Sweep);

    public async Task Handle(HttpContext http)
    {
        if (WebSocketHandshake.Examine(http) is { } unfit)
        {
            if (route.OnPlainRequest is { } serve && unfit == HandshakeRefusal.NotAnUpgrade)
                await serve(http);
            else
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
            await Serve(http, (HandshakeDecision.Accepted)decision, counted);
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

    /// <summary>A node that drains takes nobody, also of those whose handshake was under way.</summary>
    private HandshakeDecision.Refused? ShuttingDown() => host.Drain.HasBegun ? Draining : null;

    private Task Refuse(HttpContext http, HandshakeDecision.Refused refused)
    {
        host.Refusals.Count(refused.Cause);
        return refused.Answer.WriteAsync(http);
    }

    private async Task Serve(HttpContext http, HandshakeDecision.Accepted accepted, bool hasRoom)
    {
        foreach (var (name, value) in accepted.Headers)
            http.Response.Headers[name] = value;
        using var socket = await _upgrade.AcceptAsync(http, accepted.Subprotocol);
        if (!hasRoom)
        {
            await TurnAway(socket);
            return;
        }

        using var callbacks = new ConnectionCallbacks(route.Events, accepted.Connection, log);
        var end = new ConnectionEnd(callbacks, socket);
        var setup = Setup(accepted, end);
        socket.IsPeerKnown = setup.Identity is not null;
        await callbacks.Open();
        var connection = host.Node.Connect(setup, socket);
        LogOpened(log, setup.Id, setup.ClientId);
        if (host.Drain.HasBegun)
            connection.Tell(new ConnectionMessage.CloseWith(CloseReason.ServerShutdown)); // The drain may have passed it over.
        try
        {
            await new SocketReader(socket, connection, setup, callbacks, end.Reason, clock).Run();
        }
        catch (Exception failure)
        {
            LogFailed(log, setup.Id, failure);
            await callbacks.Error(failure);
            await connection.TellAsync(new ConnectionMessage.Lost(), CancellationToken.None);
        }

        var reason = await end.Reason;
        LogClosed(log, setup.Id, reason.Code, reason.Reason);
        host.Closes.Count(reason.Code);
        await callbacks.Close(reason);
    }

    private ConnectionSetup Setup(HandshakeDecision.Accepted accepted, ConnectionEnd end) => new()
    {
        Id = host.Node.NextConnectionId(),
        ClientId = new UserId(accepted.Client.ClientId),
        Session = accepted.Client.Session,
        Identity = (accepted.Auth as AuthOutcome.Known)?.Identity,
        TokenRefusal = (accepted.Auth as AuthOutcome.Failed)?.Message,
        TakesTokens = route.Mode != AuthMode.Anonymous,
        AuthTimeout = route.AuthTimeout,
        Socket = route.Socket,
        Limits = route.Limits,
        Observer = end,
    };

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

    private static WebSocketProtocolOptions ProtocolOptions(VerbRouteOptions route) => new()
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

    [LoggerMessage(1401, LogLevel.Debug, "Connection {Id} of client {ClientId} is open")]
    private static partial void LogOpened(ILogger log, ConnectionId id, UserId clientId);

    [LoggerMessage(1402, LogLevel.Debug, "Connection {Id} ended: {Code} {Reason}")]
    private static partial void LogClosed(ILogger log, ConnectionId id, ushort code, string reason);

    [LoggerMessage(1403, LogLevel.Error, "The reader of connection {Id} failed")]
    private static partial void LogFailed(ILogger log, ConnectionId id, Exception failure);
}
