using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
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
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly MessageReader _reader;
    private readonly IWireFormat _format;
    private readonly CloseHandshake _close;
    private ReadOnlySequence<byte> _buffer;
    private bool _holding;
    private bool _discarding;
    private bool _peerClosed;
    private bool _inputCompleted;
    private CloseSkim _skim;
    private long _lastReceived;
    private long _stalledSince;
    private volatile bool _timedOut;
    private volatile bool _gone;
    private Task<bool> _flushing = Task.FromResult(true);

    public WebSocketConnection(
        WebSocketTransport transport, WebSocketProtocolOptions options, DeflateSession? deflate, DeadlineSweep sweep, ArrayPool<byte>? pool = null)
    {
        _transport = transport;
        _options = options;
        _sweep = sweep;
        _input = transport.Pipe.Input;
        _output = transport.Pipe.Output;
        _format = deflate?.Format ?? PlainFormat.Instance;
        _reader = new MessageReader(options, deflate?.Inflater, pool ?? ArrayPool<byte>.Shared);
        _close = new CloseHandshake(sweep.Clock, options.CloseTimeout);
        _lastReceived = sweep.Clock.GetTimestamp();
        sweep.Add(this);
    }

    /// <inheritdoc/>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>When the message began that has not ended yet; 0 where none is under way. Readable from any thread.</summary>
    public long ReceiveStalledSince => Volatile.Read(ref _stalledSince);

    /// <inheritdoc/>
    public void Write(Outgoing message)
    {
        if (_gone || _close.IsSent)
            return;

        if (_format.Slot >= 0)
            _output.Write(message.Encoded(_format).Span);
        else if (message.Parts is { } parts)
            for (var i = 0; i < parts.Count; i++)
                WriteUnshared(parts[i].Payload.Span, parts[i].Kind);
        else
            WriteUnshared(message.Payload.Span, message.Kind);
    }

    /// <inheritdoc/>
    public ValueTask<bool> Flush()
    {
        if (_gone || _transport.Closed.IsCancellationRequested)
            return new ValueTask<bool>(false);

        ValueTask<FlushResult> flush;
        try
        {
            flush = _output.FlushAsync();
        }
        catch (Exception e) when (IsDisconnect(e))
        {
            return new ValueTask<bool>(Lost());
        }

        return flush.IsCompletedSuccessfully ? new ValueTask<bool>(Settle(flush.Result)) : new ValueTask<bool>(_flushing = SettleLater(flush));
    }

    /// <inheritdoc/>
    public void Ping(ReadOnlySpan<byte> payload) => WriteControl(payload, Opcode.Ping);

    /// <inheritdoc/>
    public void Pong(ReadOnlySpan<byte> payload) => WriteControl(payload, Opcode.Pong);

    /// <inheritdoc/>
    public void Close(CloseReason reason)
    {
        if (_gone || !_close.TryBegin())
            return;

        Span<byte> payload = stackalloc byte[FrameHeader.LongestControlPayload];
        _output.WriteFrame(payload[..ClosePayload.Write(reason, payload)], Opcode.Close, compressed: false);
        _ = FlushClose();
    }

    /// <inheritdoc/>
    public void Abort()
    {
        if (_gone)
            return;

        _ = Lost();
        _transport.Abort();
    }

    /// <summary>
    /// The next message, control frame or end. Its payload is valid until the next call. Once a close frame was written messages are
    /// discarded, and what comes is the peer's close, a failure or the end. Cancelling leaves the connection as it is.
    /// </summary>
    public ValueTask<ReceiveResult> ReceiveAsync(CancellationToken cancellation = default) =>
        _holding && !_discarding && _reader.TryRead(ref _buffer, out var result) && IsWanted(ref result)
            ? new ValueTask<ReceiveResult>(result)
            : ReceiveMore(cancellation);

    /// <summary>Called by the sweep.</summary>
    internal void CheckDeadlines()
    {
        switch (_close.NextStep())
        {
            case CloseStep.HalfClose:
                _transport.HalfClose?.Invoke();
                return;
            case CloseStep.Abort:
                Abort();
                return;
        }

        var since = ReceiveStalledSince;
        if (since == 0 || _timedOut || _options.MessageTimeout <= TimeSpan.Zero || _sweep.Clock.GetElapsedTime(since) < _options.MessageTimeout)
            return;

        _timedOut = true;
        _input.CancelPendingRead();
    }

    /// <summary>Gives back every buffer. Reader and writer are done.</summary>
    public void Dispose()
    {
        _sweep.Remove(this);
        _gone = true;
        _close.Gone();
        LetGo();
        _reader.Dispose();
        (_format as IDisposable)?.Dispose();
        _transport.Release?.Invoke();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceiveResult> ReceiveMore(CancellationToken cancellation)
    {
        while (!_close.IsEnded)
        {
            if (_holding && !_discarding)
            {
                if (_reader.TryRead(ref _buffer, out var result))
                {
                    if (IsWanted(ref result))
                        return result;
                    continue;
                }

                NoteProgress();
            }

            if (_discarding && _holding && !_peerClosed && _skim.FindClose(ref _buffer))
            {
                PeerClosed();
                continue;
            }

            if (_inputCompleted && !await IsAnswerDue(cancellation))
                break;
            if (!_inputCompleted && !await ReadAsync(cancellation))
                break;
            if (_timedOut && !_discarding && !_close.IsSent)
                return Failed(ReceiveResult.Failed(ProtocolViolation.MessageTimedOut));
        }

        _gone = true;
        _close.Gone();
        LetGo();
        return ReceiveResult.End;
    }

    private async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        LetGo();
        try
        {
            var read = await _input.ReadAsync(cancellation);
            _buffer = read.Buffer;
            _holding = true;
            _inputCompleted = read.IsCompleted;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && IsDisconnect(e))
        {
            return false;
        }

        if (!_buffer.IsEmpty)
            Volatile.Write(ref _lastReceived, _sweep.Clock.GetTimestamp());
        return true;
    }

    /// <summary>The peer sends no more. Where a close is owed to it, that still goes out.</summary>
    private async ValueTask<bool> IsAnswerDue(CancellationToken cancellation)
    {
        if (!_discarding && !_close.IsSent)
            return false;

        PeerClosed();
        await _close.Ended.WaitAsync(cancellation);
        return true;
    }

    private bool IsWanted(ref ReceiveResult result)
    {
        switch (result.Kind)
        {
            case ReceiveKind.Close:
                _discarding = true;
                PeerClosed();
                return true;
            case ReceiveKind.Failure:
                result = Failed(result);
                return !_close.IsSent;
            default:
                if (_stalledSince != 0 && !_reader.IsInsideMessage)
                    Volatile.Write(ref _stalledSince, 0);
                return !_close.IsSent;
        }
    }

    private ReceiveResult Failed(ReceiveResult failure)
    {
        _discarding = true;
        _skim = new CloseSkim(_reader.Unread);
        Volatile.Write(ref _stalledSince, 0);
        if (_reader.SawClose)
            PeerClosed();
        else
            _close.PeerFailed();
        return failure;
    }

    private void PeerClosed()
    {
        _peerClosed = true;
        _close.PeerClosed();
    }

    private void NoteProgress()
    {
        if (!_reader.IsInsideMessage && _buffer.IsEmpty)
            Volatile.Write(ref _stalledSince, 0);
        else if (_stalledSince == 0)
            Volatile.Write(ref _stalledSince, Math.Max(1, _sweep.Clock.GetTimestamp()));
    }

    private void LetGo()
    {
        if (!_holding)
            return;

        _holding = false;
        _input.AdvanceTo(_buffer.Start, _buffer.End);
        _buffer = default;
    }

    private void WriteUnshared(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (_format is DedicatedDeflateFormat dedicated)
            dedicated.Write(_output, payload, kind);
        else
            _output.Write(_format.Encode(payload, kind));
    }

    private void WriteControl(ReadOnlySpan<byte> payload, Opcode opcode)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, FrameHeader.LongestControlPayload);
        if (!_gone && !_close.IsSent)
            _output.WriteFrame(payload, opcode, compressed: false);
    }

    private async Task FlushClose()
    {
        // A pipe knows one flush at a time: a second one would break it off.
        if (await _flushing && await Flush())
            _close.Flushed();
        if (_close.IsEnded)
            _input.CancelPendingRead();
    }

    private async Task<bool> SettleLater(ValueTask<FlushResult> flush)
    {
        try
        {
            return Settle(await flush);
        }
        catch (Exception e) when (IsDisconnect(e))
        {
            return Lost();
        }
    }

    private bool Settle(FlushResult flush) => !flush.IsCompleted || Lost();

    private bool Lost()
    {
        _gone = true;
        _close.Gone();
        _input.CancelPendingRead();
        return false;
    }

    private static bool IsDisconnect(Exception e) => e is IOException or OperationCanceledException or ObjectDisposedException;
}
