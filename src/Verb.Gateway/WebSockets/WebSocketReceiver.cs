using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets;

/// <summary>The half of a WebSocket that its one reader uses: messages out of the transport's buffer, and after a failure the wait for the peer's close.</summary>
internal sealed class WebSocketReceiver(PipeReader input, MessageReader reader, CloseHandshake close, TimeProvider clock) : IDisposable
{
    private ReadOnlySequence<byte> _buffer;
    private bool _holding;
    private bool _discarding;
    private bool _peerClosed;
    private bool _inputCompleted;
    private volatile bool _timedOut;
    private CloseSkim _skim;
    private volatile bool _awaitsPeer;
    private long _lastReceived = clock.GetTimestamp();
    private long _stalledSince;

    /// <summary>When the last byte came; now while nobody waits for the next one, for then more may have come.</summary>
    public long LastReceived => _awaitsPeer ? Volatile.Read(ref _lastReceived) : clock.GetTimestamp();

    /// <summary>When the message began that has not ended yet; 0 where none is under way. Readable from any thread.</summary>
    public long StalledSince => Volatile.Read(ref _stalledSince);

    public ValueTask<ReceiveResult> ReceiveAsync(CancellationToken cancellation) =>
        _holding && !_discarding && reader.TryRead(ref _buffer, out var result) && IsWanted(ref result)
            ? new ValueTask<ReceiveResult>(result)
            : ReceiveMore(cancellation);

    /// <summary>Called by the sweep: a message that began longer ago than this has failed.</summary>
    public void CheckDeadline(TimeSpan timeout)
    {
        var since = StalledSince;
        if (since == 0 || _timedOut || timeout <= TimeSpan.Zero || clock.GetElapsedTime(since) < timeout)
            return;

        _timedOut = true;
        input.CancelPendingRead();
    }

    public void Dispose()
    {
        LetGo();
        reader.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReceiveResult> ReceiveMore(CancellationToken cancellation)
    {
        while (!close.IsEnded)
        {
            if (_holding && !_discarding)
            {
                if (reader.TryRead(ref _buffer, out var result))
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

            if (_inputCompleted)
            {
                if (!await IsAnswerDue(cancellation))
                    break;
            }
            else
            {
                LetGo();
                try
                {
                    var reading = input.ReadAsync(cancellation);
                    _awaitsPeer = !reading.IsCompleted;
                    Hold(await reading);
                }
                catch (Exception e) when (!cancellation.IsCancellationRequested && WebSocketTransport.IsLoss(e))
                {
                    break;
                }
            }

            if (_timedOut && !_discarding && !close.IsSent)
                return Failed(ReceiveResult.Failed(ProtocolViolation.MessageTimedOut));
        }

        close.Gone();
        LetGo();
        return ReceiveResult.End;
    }

    private void Hold(in ReadResult read)
    {
        _buffer = read.Buffer;
        _holding = true;
        _inputCompleted = read.IsCompleted;
        if (!_buffer.IsEmpty)
            Volatile.Write(ref _lastReceived, clock.GetTimestamp());
        _awaitsPeer = false;
    }

    private void LetGo()
    {
        if (!_holding)
            return;

        _holding = false;
        input.AdvanceTo(_buffer.Start, _buffer.End);
        _buffer = default;
    }

    /// <summary>The peer sends no more. Where a close is owed to it, that still goes out.</summary>
    private async ValueTask<bool> IsAnswerDue(CancellationToken cancellation)
    {
        if (!_discarding && !close.IsSent)
            return false;

        PeerClosed();
        await close.Ended.WaitAsync(cancellation);
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
                return !close.IsSent;
            default:
                if (_stalledSince != 0 && !reader.IsInsideMessage)
                    Volatile.Write(ref _stalledSince, 0);
                return !close.IsSent;
        }
    }

    private ReceiveResult Failed(ReceiveResult failure)
    {
        _discarding = true;
        _skim = new CloseSkim(reader.Unread);
        Volatile.Write(ref _stalledSince, 0);
        if (reader.SawClose)
            PeerClosed();
        else
            close.PeerFailed();
        return failure;
    }

    private void PeerClosed()
    {
        _peerClosed = true;
        close.PeerClosed();
    }

    private void NoteProgress()
    {
        if (!reader.IsInsideMessage && _buffer.IsEmpty)
            Volatile.Write(ref _stalledSince, 0);
        else if (_stalledSince == 0)
            Volatile.Write(ref _stalledSince, Math.Max(1, clock.GetTimestamp()));
    }
}
