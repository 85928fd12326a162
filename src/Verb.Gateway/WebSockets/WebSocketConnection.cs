using System.Buffers;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.Gateway.WebSockets.Deflate;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets;

/// <summary>
/// A WebSocket. One reader calls <see cref="ReceiveAsync"/> until it gives <see cref="ReceiveKind.End"/>, also after a close or a failure:
/// that is what waits for the other side. One writer calls the members of <see cref="IClientSocket"/>. When both are done,
/// <see cref="Dispose"/>.
/// </summary>
internal sealed class WebSocketConnection : IClientSocket, IDisposable
{
    private readonly WebSocketTransport _transport;
    private readonly WebSocketProtocolOptions _options;
    private readonly DeadlineSweep _sweep;
    private readonly CloseHandshake _close;
    private readonly WebSocketSender _sender;
    private readonly WebSocketReceiver _receiver;
    private readonly MessageReader _reader;

    public WebSocketConnection(
        WebSocketTransport transport, WebSocketProtocolOptions options, DeflateSession? deflate, DeadlineSweep sweep, ArrayPool<byte>? pool = null)
    {
        _transport = transport;
        _options = options;
        _sweep = sweep;
        _close = new CloseHandshake(sweep.Clock, options.CloseTimeout);
        _sender = new WebSocketSender(transport, deflate?.Format ?? PlainFormat.Instance, _close);
        _reader = new MessageReader(options, deflate?.Inflater, pool ?? ArrayPool<byte>.Shared);
        _receiver = new WebSocketReceiver(transport.Pipe.Input, _reader, _close, sweep.Clock);
        sweep.Add(this);
    }

    /// <inheritdoc/>
    public long LastReceived => _receiver.LastReceived;

    /// <summary>When the message began that has not ended yet; 0 where none is under way. Readable from any thread.</summary>
    public long ReceiveStalledSince => _receiver.StalledSince;

    /// <summary>
    /// Whether it is known who the peer is; a stranger's binary messages may be no larger than text. Default true. Settable from any thread;
    /// holds for messages that begin later.
    /// </summary>
    public bool IsPeerKnown
    {
        get => _reader.IsPeerKnown;
        set => _reader.IsPeerKnown = value;
    }

    /// <summary>Cancelled once the peer sends nothing more, also while nobody reads; whatever it sent before can still be read.</summary>
    public CancellationToken InputEnded => _transport.InputEnded;

    /// <inheritdoc/>
    public void Write(Outgoing message) => _sender.Write(message);

    /// <inheritdoc/>
    public ValueTask<bool> Flush() => _sender.Flush();

    /// <inheritdoc/>
    public void Ping(ReadOnlySpan<byte> payload) => _sender.WriteControl(payload, Opcode.Ping);

    /// <inheritdoc/>
    public void Pong(ReadOnlySpan<byte> payload) => _sender.WriteControl(payload, Opcode.Pong);

    /// <inheritdoc/>
    public void Close(CloseReason reason) => _sender.Close(reason);

    /// <inheritdoc/>
    public void Abort() => _sender.Abort();

    /// <summary>
    /// The next message, control frame or end. Its payload is valid until the next call. Once a close frame was written messages are
    /// discarded, and what comes is the peer's close, a failure or the end. Cancelling leaves the connection as it is.
    /// </summary>
    public ValueTask<ReceiveResult> ReceiveAsync(CancellationToken cancellation = default) => _receiver.ReceiveAsync(cancellation);

    /// <summary>Called by the sweep.</summary>
    internal void CheckDeadlines()
    {
        switch (_close.NextStep())
        {
            case CloseStep.HalfClose:
                _transport.HalfClose?.Invoke();
                break;
            case CloseStep.Abort:
                Abort();
                break;
            default:
                _receiver.CheckDeadline(_options.MessageTimeout);
                break;
        }
    }

    /// <summary>Gives back every buffer. Reader and writer are done.</summary>
    public void Dispose()
    {
        _sweep.Remove(this);
        _close.Gone();
        _receiver.Dispose();
        _sender.Dispose();
        _transport.Release?.Invoke();
    }
}
