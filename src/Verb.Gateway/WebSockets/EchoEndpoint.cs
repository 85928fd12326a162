using Verb.Actors.Delivery;
using Verb.Contracts;

namespace Verb.Gateway.WebSockets;

/// <summary>A plain echo of text and binary, for conformance suites (configuration <c>Verb:Echo</c>).</summary>
/// <param name="idle">Without a message for this long, or where the client takes none back, the socket is closed with 1001; zero: never.</param>
/// <param name="clock">The time.</param>
/// <param name="stopping">The hub stops: the socket is closed with 1001.</param>
internal sealed class EchoEndpoint(TimeSpan idle, TimeProvider clock, CancellationToken stopping)
{
    public async Task Serve(WebSocketConnection socket)
    {
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, stopping);
        try
        {
            while (await Answer(socket, silence, enough.Token))
            {
                // One message after the other.
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            socket.Close(stopping.IsCancellationRequested ? CloseReason.ServerShutdown : CloseReason.Idle);
            while ((await socket.ReceiveAsync()).Kind != ReceiveKind.End)
            {
                // Until the peer has taken the close.
            }
        }
    }

    private async ValueTask<bool> Answer(WebSocketConnection socket, CancellationTokenSource silence, CancellationToken enough)
    {
        if (idle > TimeSpan.Zero)
            silence.CancelAfter(idle);
        var received = await socket.ReceiveAsync(enough);
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
                return true;
            default:
                return received.Kind != ReceiveKind.End;
        }

        var flush = socket.Flush();
        if (!flush.IsCompletedSuccessfully)
            await flush.AsTask().WaitAsync(enough);
        return true;
    }
}
