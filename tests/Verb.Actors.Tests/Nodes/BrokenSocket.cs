using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Contracts;

namespace Verb.Actors.Tests.Nodes;

/// <summary>A socket with a bug: nothing can be written to it.</summary>
internal sealed class BrokenSocket : IClientSocket
{
    public CloseReason? Closed { get; private set; }

    public bool IsAborted { get; private set; }

    public long LastReceived => 0;

    public void Write(Outgoing message) => throw new InvalidOperationException("A broken socket.");

    public ValueTask<bool> Flush() => throw new InvalidOperationException("A broken socket.");

    public void Ping(ReadOnlySpan<byte> payload)
    {
    }

    public void Pong(ReadOnlySpan<byte> payload)
    {
    }

    public void Close(CloseReason reason) => Closed ??= reason;

    public void Abort() => IsAborted = true;
}
