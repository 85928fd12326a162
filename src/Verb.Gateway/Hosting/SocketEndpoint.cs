using Akka.Actor;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.Hosting;

/// <summary>One socket route: joins each socket that the door lets in to its actor until both have ended.</summary>
internal sealed partial class SocketEndpoint(HubHost host, SocketDoor door, VerbRouteOptions route, TimeProvider clock, ILogger log)
{
    public async Task Handle(HttpContext http)
    {
        if (route.OnPlainRequest is { } serve && WebSocketHandshake.Examine(http) == HandshakeRefusal.NotAnUpgrade)
            await serve(http);
        else
            await door.Handle(http, Serve);
    }

    private async Task Serve(WebSocketConnection socket, HandshakeDecision.Accepted accepted)
    {
        using var callbacks = new ConnectionCallbacks(route.Events, accepted.Connection, log);
        var end = new ConnectionEnd(callbacks, socket);
        var setup = Setup(accepted, end);
        socket.IsPeerKnown = setup.Identity is not null;
        await callbacks.Open();
        var connection = await host.Node.Connect(setup, socket);
        LogOpened(log, setup.Id, setup.ClientId);
        if (host.Drain.HasBegun)
            connection.Tell(new ConnectionMessage.CloseWith(CloseReason.ServerShutdown), ActorRefs.NoSender); // The drain may have passed it over.
        try
        {
            await new SocketReader(socket, connection, setup, callbacks, end.Reason, clock).Run();
        }
        catch (Exception failure)
        {
            LogFailed(log, setup.Id, failure);
            await callbacks.Error(failure);
            connection.Tell(new ConnectionMessage.Lost(), ActorRefs.NoSender);
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
        PathBase = accepted.Connection.PathBase,
        Socket = route.Socket,
        Limits = route.Limits,
        Observer = end,
    };

    [LoggerMessage(1401, LogLevel.Debug, "Connection {Id} of client {ClientId} is open")]
    private static partial void LogOpened(ILogger log, ConnectionId id, UserId clientId);

    [LoggerMessage(1402, LogLevel.Debug, "Connection {Id} ended: {Code} {Reason}")]
    private static partial void LogClosed(ILogger log, ConnectionId id, ushort code, string reason);

    [LoggerMessage(1403, LogLevel.Error, "The reader of connection {Id} failed")]
    private static partial void LogFailed(ILogger log, ConnectionId id, Exception failure);
}
