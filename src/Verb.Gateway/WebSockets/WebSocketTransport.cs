using System.IO.Pipelines;

namespace Verb.Gateway.WebSockets;

/// <summary>What carries a WebSocket: bytes both ways and the ways to end them.</summary>
internal sealed class WebSocketTransport(IDuplexPipe pipe, Action abort)
{
    public IDuplexPipe Pipe { get; } = pipe;

    /// <summary>Cuts the connection; pending reads and flushes of the pipe end.</summary>
    public Action Abort { get; } = abort;

    /// <summary>Tells the peer that nothing more will be sent while still reading; null where the transport cannot.</summary>
    public Action? HalfClose { get; init; }

    /// <summary>Gives back what the pipe itself holds, once nobody uses it any more; null where the transport's owner does.</summary>
    public Action? Release { get; init; }

    /// <summary>Cancelled once nothing can be sent any more, where the pipe itself would not tell.</summary>
    public CancellationToken Closed { get; init; }

    /// <summary>Cancelled once the peer sends nothing more, also while nobody reads; whatever it sent before can still be read.</summary>
    public CancellationToken InputEnded { get; init; }

    /// <summary>Whether reading or flushing failed because the connection has ended.</summary>
    public static bool IsLoss(Exception e) => e is IOException or OperationCanceledException or ObjectDisposedException;
}
