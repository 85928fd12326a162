using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Limits;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Hosting;

/// <summary>
/// The one reader of a socket: turns frames into messages to the connection's actor. It waits where the actor has not taken what was read before, where the
/// client is owed too much, and where binary frames, or messages that are too large, come too fast; TCP then holds the client back.
/// </summary>
internal sealed class SocketReader(
    WebSocketConnection socket,
    IActorRef connection,
    ConnectionSetup setup,
    ConnectionCallbacks callbacks,
    Task connectionEnded,
    TimeProvider clock)
{
    private const int MostAtOnce = 64;

    private static readonly CloseReason Flood = CloseReason.Flood with { Reason = "Too many binary frames" };

    private readonly List<ConnectionMessage> _read = [];
    private BinaryPace? _pace;

    /// <summary>Reads until the socket's end.</summary>
    public async Task Run()
    {
        while (true)
        {
            var gate = setup.Gate.Wait(CancellationToken.None);
            if (!gate.IsCompleted)
                await TellRead();
            await gate;
            var receiving = socket.ReceiveAsync();
            if (!receiving.IsCompleted || _read.Count == MostAtOnce)
                await TellRead();
            var received = await receiving;
            switch (received.Kind)
            {
                case ReceiveKind.Text:
                    await callbacks.Message(received.Payload, isBinary: false);
                    _read.Add(ReadCommand(received.Payload.Span));
                    break;
                case ReceiveKind.Binary:
                    await callbacks.Message(received.Payload, isBinary: true);
                    _read.Add(new ConnectionMessage.ReceivedBinary(received.Payload.ToArray()));
                    await TellRead();
                    await Pace(received.Payload);
                    break;
                case ReceiveKind.TooLarge:
                    _read.Add(RefuseTooLarge(received.Payload.Span));
                    await TellRead();
                    await Pace(received.Skipped); // To inflate what is thrown away costs as much as a binary message.
                    break;
                case ReceiveKind.Ping:
                    await callbacks.Ping(received.Payload);
                    if (setup.Socket.AutoPong)
                        _read.Add(new ConnectionMessage.Pinged(received.Payload.ToArray()));
                    break;
                case ReceiveKind.Pong:
                    await callbacks.Pong(received.Payload);
                    _read.Add(new ConnectionMessage.Ponged());
                    break;
                case ReceiveKind.Close:
                case ReceiveKind.Failure:
                    _read.Add(new ConnectionMessage.PeerClosed(received.CloseReason, received.Kind == ReceiveKind.Failure));
                    break;
                case ReceiveKind.End:
                    _read.Add(new ConnectionMessage.Lost());
                    await TellRead();
                    return;
            }
        }
    }

    /// <summary>
    /// Tells what was read in one go, so that commands which came together travel together: a room tells their messages in one delivery. Once
    /// the actor has ended nothing takes them, and what the peer still sends is read to its end.
    /// </summary>
    private async ValueTask TellRead()
    {
        if (_read.Count == 0)
            return;
        await setup.Gate.Take();
        connection.Tell(new ConnectionMessage.Read([.. _read]), ActorRefs.NoSender);
        _read.Clear();
    }

    private static ConnectionMessage ReadCommand(ReadOnlySpan<byte> frame)
    {
        var parsed = CommandReader.Read(frame);
        return parsed.Command is { } command ? new ConnectionMessage.Received(command) : Malformed(parsed);
    }

    private ConnectionMessage.Malformed RefuseTooLarge(ReadOnlySpan<byte> beginning) =>
        Malformed(CommandReader.RefuseTooLarge(beginning, setup.Limits.MaxCommandBytes));

    private static ConnectionMessage.Malformed Malformed(ParsedCommand refused) => new(refused.Error!, refused.Id, refused.Type);

    private async ValueTask Pace(ReadOnlyMemory<byte> frame)
    {
        await Pace(frame.Length);
        var pace = _pace!;
        if (frame.Span is [BinaryKind.WholeFile, ..])
        {
            while (!pace.TryTakeFile(out var wait) && await Wait(wait))
            {
                // Its turn comes.
            }
        }

        var began = clock.GetTimestamp();
        while (!pace.TryTakeFrame(out var wait) && await Wait(wait))
        {
            // Its turn comes.
        }

        // An upload may take as long as it likes; chunks that belong to none are refused, and refusals are counted.
        if (frame.Span is not [BinaryKind.Chunk, ..] && pace.IsFlood(clock.GetElapsedTime(began)))
            connection.Tell(new ConnectionMessage.CloseWith(Flood), ActorRefs.NoSender);
    }

    private async ValueTask Pace(long bytes)
    {
        _pace ??= new BinaryPace(setup.Limits, clock);
        while (!_pace.TryTakeBytes(bytes, out var wait) && await Wait(wait))
        {
            // Its turn comes.
        }
    }

    /// <summary>False where the connection has ended, or the peer sends no more: then what is left is read at once.</summary>
    private async ValueTask<bool> Wait(TimeSpan wait)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(socket.InputEnded);
        var delay = Task.Delay(wait, clock, end.Token);
        await Task.WhenAny(delay, connectionEnded);
        if (!delay.IsCompleted)
            await end.CancelAsync();
        return !connectionEnded.IsCompleted && !socket.InputEnded.IsCancellationRequested;
    }
}
