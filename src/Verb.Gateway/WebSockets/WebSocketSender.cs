using System.Buffers;
using System.IO.Pipelines;
using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.Gateway.WebSockets.Deflate;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets;

/// <summary>The half of a WebSocket that its one writer uses: frames into the transport's buffer, one copy each.</summary>
internal sealed class WebSocketSender(WebSocketTransport transport, IWireFormat format, CloseHandshake close) : IDisposable
{
    private readonly PipeWriter _output = transport.Pipe.Output;
    private Task<bool> _flushing = Task.FromResult(true);

    public void Write(Outgoing message)
    {
        if (close.IsGone || close.IsSent)
            return;

        if (format.Slot >= 0)
            _output.Write(message.Encoded(format).Span);
        else if (message.Parts is { } parts)
            for (var i = 0; i < parts.Count; i++)
                WriteUnshared(parts[i].Payload.Span, parts[i].Kind);
        else
            WriteUnshared(message.Payload.Span, message.Kind);
    }

    public void WriteControl(ReadOnlySpan<byte> payload, Opcode opcode)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, FrameHeader.LongestControlPayload);
        if (!close.IsGone && !close.IsSent)
            _output.WriteFrame(payload, opcode, compressed: false);
    }

    public ValueTask<bool> Flush()
    {
        if (close.IsGone || transport.Closed.IsCancellationRequested)
            return new ValueTask<bool>(false);

        ValueTask<FlushResult> flush;
        try
        {
            flush = _output.FlushAsync();
        }
        catch (Exception e) when (WebSocketTransport.IsLoss(e))
        {
            return new ValueTask<bool>(Lost());
        }

        return flush.IsCompletedSuccessfully ? new ValueTask<bool>(Settle(flush.Result)) : new ValueTask<bool>(_flushing = SettleLater(flush));
    }

    public void Close(CloseReason reason)
    {
        if (!close.IsGone && close.TryBegin())
            _ = SendClose(reason);
    }

    public void Abort()
    {
        if (close.IsGone)
            return;

        _ = Lost();
        transport.Abort();
    }

    public void Dispose() => (format as IDisposable)?.Dispose();

    private void WriteUnshared(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (format is DedicatedDeflateFormat dedicated)
            dedicated.Write(_output, payload, kind);
        else
            _output.Write(format.Encode(payload, kind));
    }

    private async Task SendClose(CloseReason reason)
    {
        // A pipe knows one flush at a time: a second one would break it off, and one over a stream forgets what is written meanwhile.
        if (await _flushing && !close.IsGone)
        {
            WriteClose(reason);
            if (await Flush())
                close.Flushed();
        }

        if (close.IsEnded)
            WakeReader();
    }

    private void WriteClose(CloseReason reason)
    {
        Span<byte> payload = stackalloc byte[FrameHeader.LongestControlPayload];
        _output.WriteFrame(payload[..ClosePayload.Write(reason, payload)], Opcode.Close, compressed: false);
    }

    private async Task<bool> SettleLater(ValueTask<FlushResult> flush)
    {
        try
        {
            return Settle(await flush);
        }
        catch (Exception e) when (WebSocketTransport.IsLoss(e))
        {
            return Lost();
        }
    }

    private bool Settle(FlushResult flush) => !flush.IsCompleted || Lost();

    private bool Lost()
    {
        close.Gone();
        WakeReader();
        return false;
    }

    private void WakeReader() => transport.Pipe.Input.CancelPendingRead();
}
