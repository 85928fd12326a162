using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Hosting;

/// <summary>Waits for a connection's actor to end, and passes on what the host and the socket want to hear.</summary>
internal sealed class ConnectionEnd(ConnectionCallbacks callbacks, WebSocketConnection socket) : IConnectionObserver
{
    private readonly TaskCompletionSource<CloseReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why the connection ended, once it did.</summary>
    public Task<CloseReason> Reason => _ended.Task;

    /// <summary>The host's code runs beside the connection's turn, never on it.</summary>
    public void Drained()
    {
        if (callbacks.HearsDrain)
            _ = Task.Run(() => callbacks.Drain().AsTask());
    }

    /// <summary>The host hears of the user through its verifier and its requests.</summary>
    public void Identified(Identity identity) => socket.IsPeerKnown = true;

    public void Ended(CloseReason reason, bool lost) => _ended.TrySetResult(reason);
}
