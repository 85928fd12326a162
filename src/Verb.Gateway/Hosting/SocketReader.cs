using Verb.Actors.Connections;
using Verb.Actors.Kernel;
using Verb.Contracts;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Hosting;

/// <summary>
/// The one reader of a socket: turns frames into messages to the connection's actor. It waits where the actor's mailbox is full, where the
/// client is owed too much, and where binary frames come too fast; TCP then holds the client back.
/// </summary>
internal sealed class SocketReader(
    WebSocketConnection socket, IActorRef<ConnectionMessage> connection, ConnectionSetup setup, ConnectionCallbacks callbacks, TimeProvider clock)
{
    private readonly TokenBucket _binary = new(setup.Limits.BinaryBytesPerSecond, setup.Limits.BinaryBytesPerSecond, clock);

    /// <summary>Reads until the socket's end.</summary>
    public async Task Run()
    {
        while (true)
        {
            await setup.Gate.Wait(CancellationToken.None);
            var received = await socket.ReceiveAsync();
            switch (received.Kind)
            {
                case ReceiveKind.Text:
                    await callbacks.Message(received.Payload, isBinary: false);
                    await Tell(ReadCommand(received.Payload.Span));
                    break;
                case ReceiveKind.Binary:
                    await callbacks.Message(received.Payload, isBinary: true);
                    await Pace(received.Payload.Length);
                    await Tell(new ConnectionMessage.ReceivedBinary(received.Payload.ToArray()));
                    break;
                case ReceiveKind.Ping:
                    await callbacks.Ping(received.Payload);
                    if (setup.Socket.AutoPong)
                        await Tell(new ConnectionMessage.Pinged(received.Payload.ToArray()));
                    break;
                case ReceiveKind.Pong:
                    await callbacks.Pong(received.Payload);
                    await Tell(new ConnectionMessage.Ponged());
                    break;
                case ReceiveKind.Close:
                case ReceiveKind.Failure:
                    await Tell(new ConnectionMessage.PeerClosed(received.CloseReason));
                    break;
                case ReceiveKind.End:
                    await Tell(new ConnectionMessage.Lost());
                    return;
            }
        }
    }

    private ConnectionMessage ReadCommand(ReadOnlySpan<byte> frame)
    {
        var most = setup.Limits.MaxCommandBytes;
        var parsed = frame.Length <= most ? CommandReader.Read(frame) : CommandReader.RefuseTooLarge(frame, most);
        return parsed.Command is { } command
            ? new ConnectionMessage.Received(command)
            : new ConnectionMessage.Malformed(parsed.Error!, parsed.Id, parsed.Type);
    }

    /// <summary>Once the actor has ended nothing takes the message, and what the peer still sends is read to its end.</summary>
    private async ValueTask Tell(ConnectionMessage message) => await connection.TellAsync(message, CancellationToken.None);

    private async ValueTask Pace(int bytes)
    {
        var cost = Math.Min(bytes, setup.Limits.BinaryBytesPerSecond);
        while (!_binary.TryTake(cost, out var wait))
            await Task.Delay(wait, clock);
    }
}
