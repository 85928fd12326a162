using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Verb.Gateway.WebSockets.Deflate;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>
/// Turns a client's bytes into messages and control frames, strictly (RFC 6455 section 5, RFC 7692). Knows no pipe: it takes what it can
/// from the buffer given and leaves the rest. A message in one frame and one segment is unmasked where it lies; any other is gathered in a
/// rented buffer, which this reader returns when the next one is asked for. Of a message beyond the limit of its kind the beginning is kept
/// and the rest skipped.
/// </summary>
internal sealed class MessageReader(WebSocketProtocolOptions options, MessageInflater? inflater, ArrayPool<byte> pool) : IDisposable
{
    private readonly PooledBuffer _message = new(pool);
    private byte[]? _control;
    private Opcode _opcode;
    private bool _compressed;
    private bool _last;
    private bool _delivered;
    private long _remaining;
    private long _compressedBytes;
    private int _keep;
    private long _skipped;
    private uint _mask;
    private Utf8Stream _utf8;
    private volatile bool _isPeerKnown = true;

    /// <summary>Whether it is known who the peer is: a stranger's binary messages may be no larger than text.</summary>
    public bool IsPeerKnown
    {
        get => _isPeerKnown;
        set => _isPeerKnown = value;
    }

    /// <summary>True while a message has begun and not ended.</summary>
    public bool IsInsideMessage => _opcode != Opcode.Continuation;

    /// <summary>Payload bytes of the current frame that have not come yet.</summary>
    public long Unread => _remaining;

    /// <summary>True once a close frame was read, valid or not.</summary>
    public bool SawClose { get; private set; }

    /// <summary>The next result, or false where more bytes are needed. After a failure or a close there is none.</summary>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out ReceiveResult result)
    {
        ReleaseDelivered();
        result = default;
        while (true)
        {
            var violation = ProtocolViolation.None;
            if (_remaining == 0)
            {
                var status = FrameHeader.TryRead(buffer, inflater is not null, out var header, out violation);
                if (status == HeaderStatus.Incomplete)
                    return false;
                if (status == HeaderStatus.Complete)
                {
                    if (header.IsControl)
                    {
                        if (buffer.Length < header.Size + header.Length)
                            return false;
                        result = ReadControl(ref buffer, header);
                        return true;
                    }

                    violation = Begin(header);
                    if (violation == ProtocolViolation.None)
                    {
                        buffer = buffer.Slice(header.Size);
                        if (CanStayInPlace(buffer, header))
                        {
                            result = ReadInPlace(ref buffer, header);
                            return true;
                        }
                    }
                }
            }

            if (violation == ProtocolViolation.None)
                violation = Gather(ref buffer);
            if (violation == ProtocolViolation.None && _remaining > 0)
                return false;
            if (violation == ProtocolViolation.None && !_last)
                continue;

            result = violation == ProtocolViolation.None ? FinishGathered() : Fail(violation);
            return true;
        }
    }

    /// <summary>Gives every rented buffer back.</summary>
    public void Dispose()
    {
        _delivered = true;
        ReleaseDelivered();
        inflater?.Dispose();
    }

    private void ReleaseDelivered()
    {
        if (_delivered)
            _message.Release();
        _delivered = false;
        if (_control is not null)
            pool.Return(_control);
        _control = null;
    }

    private ProtocolViolation Begin(in FrameHeader header)
    {
        if (header.Opcode == Opcode.Continuation)
        {
            if (!IsInsideMessage)
                return ProtocolViolation.NothingToContinue;
        }
        else
        {
            if (IsInsideMessage)
                return ProtocolViolation.MessageNotFinished;
            _compressed = header.Compressed;
            _compressedBytes = 0;
            _skipped = 0;
            _utf8 = default;
            _keep = header.Opcode == Opcode.Text || !_isPeerKnown ? Math.Min(options.MaxTextBytes, options.MaxMessageBytes) : options.MaxMessageBytes;
        }

        if (_compressed)
        {
            _compressedBytes += header.Length;
            if (_compressedBytes > options.MaxCompressedBytes || _compressedBytes < 0)
                return ProtocolViolation.MessageTooBig;
        }
        else if (header.Length > options.MaxMessageBytes - _message.Length - _skipped)
        {
            return ProtocolViolation.MessageTooBig;
        }

        if (header.Opcode != Opcode.Continuation)
            _opcode = header.Opcode;
        _last = header.Fin;
        _remaining = header.Length;
        _mask = header.Mask;
        return ProtocolViolation.None;
    }

    private bool CanStayInPlace(in ReadOnlySequence<byte> buffer, in FrameHeader header) =>
        header.Fin && !_compressed && header.Opcode != Opcode.Continuation && header.Length <= Math.Min(buffer.FirstSpan.Length, _keep);

    private ReceiveResult ReadInPlace(ref ReadOnlySequence<byte> buffer, in FrameHeader header)
    {
        var payload = Unmask(buffer.First[..(int)header.Length]);
        buffer = buffer.Slice(header.Length);
        _remaining = 0;
        return _opcode == Opcode.Text && options.ValidateUtf8 && !Utf8.IsValid(payload.Span)
            ? Fail(ProtocolViolation.TextNotUtf8)
            : Deliver(payload);
    }

    private ProtocolViolation Gather(ref ReadOnlySequence<byte> buffer)
    {
        while (_remaining > 0 && !buffer.IsEmpty)
        {
            var piece = buffer.First;
            if (piece.Length > _remaining)
                piece = piece[..(int)_remaining];
            buffer = buffer.Slice(piece.Length);
            _remaining -= piece.Length;

            var before = _message.Length;
            var violation = _compressed ? Inflate(Unmask(piece).Span) : Copy(piece.Span);
            // Text first: what was inflated before the damage counts, so that the answer does not hang on how the bytes were cut.
            if (!IsValidText(before))
                return ProtocolViolation.TextNotUtf8;
            if (violation != ProtocolViolation.None)
                return violation;
        }

        return ProtocolViolation.None;
    }

    private ProtocolViolation Copy(ReadOnlySpan<byte> piece)
    {
        var kept = Math.Min(piece.Length, _keep - _message.Length);
        _skipped += piece.Length - kept;
        if (kept == 0)
            return ProtocolViolation.None; // Behind what is kept the mask's turn does not matter any more.

        var target = _message.Free(kept)[..kept];
        piece[..kept].CopyTo(target);
        _mask = Mask.Apply(target, _mask);
        _message.Advance(kept);
        return ProtocolViolation.None;
    }

    private ProtocolViolation Inflate(ReadOnlySpan<byte> piece) =>
        ToViolation(inflater!.Inflate(piece, _message, _keep, options.MaxMessageBytes, ref _skipped));

    private ReceiveResult FinishGathered()
    {
        if (_compressed)
        {
            var before = _message.Length;
            var violation = ToViolation(inflater!.FinishMessage(_message, _keep, options.MaxMessageBytes, ref _skipped));
            if (!IsValidText(before))
                return Fail(ProtocolViolation.TextNotUtf8);
            if (violation != ProtocolViolation.None)
                return Fail(violation);
        }

        _delivered = true;
        if (_skipped > 0)
        {
            _opcode = Opcode.Continuation;
            return ReceiveResult.TooLarge(_message.Written, _skipped);
        }

        return _utf8.IsComplete ? Deliver(_message.Written) : Fail(ProtocolViolation.TextNotUtf8);
    }

    private bool IsValidText(int from) =>
        _opcode != Opcode.Text || !options.ValidateUtf8 || _utf8.Append(_message.WrittenSpan[from..]);

    private ReceiveResult Deliver(ReadOnlyMemory<byte> payload)
    {
        var kind = _opcode == Opcode.Text ? ReceiveKind.Text : ReceiveKind.Binary;
        _opcode = Opcode.Continuation;
        return ReceiveResult.Message(kind, payload);
    }

    private ReceiveResult ReadControl(ref ReadOnlySequence<byte> buffer, in FrameHeader header)
    {
        var body = buffer.Slice(header.Size, header.Length);
        buffer = buffer.Slice(body.End);
        Memory<byte> payload;
        if (body.IsSingleSegment)
        {
            payload = MemoryMarshal.AsMemory(body.First);
        }
        else
        {
            _control = pool.Rent(FrameHeader.LongestControlPayload);
            body.CopyTo(_control);
            payload = _control.AsMemory(0, (int)header.Length);
        }

        _ = Mask.Apply(payload.Span, header.Mask);
        if (header.Opcode == Opcode.Ping)
            return ReceiveResult.Message(ReceiveKind.Ping, payload);
        if (header.Opcode == Opcode.Pong)
            return ReceiveResult.Message(ReceiveKind.Pong, payload);

        SawClose = true;
        var violation = ClosePayload.Read(payload.Span, options.ValidateUtf8, out var reason);
        return violation == ProtocolViolation.None ? ReceiveResult.Closed(reason) : ReceiveResult.Failed(violation);
    }

    private ReceiveResult Fail(ProtocolViolation violation)
    {
        _delivered = true;
        return ReceiveResult.Failed(violation);
    }

    // The bytes have been received for this connection alone and are not looked at again, so they may be changed where they lie.
    private Memory<byte> Unmask(ReadOnlyMemory<byte> piece)
    {
        var bytes = MemoryMarshal.AsMemory(piece);
        _mask = Mask.Apply(bytes.Span, _mask);
        return bytes;
    }

    private static ProtocolViolation ToViolation(InflateStatus status) => status switch
    {
        InflateStatus.Ok => ProtocolViolation.None,
        InflateStatus.TooBig => ProtocolViolation.MessageTooBig,
        _ => ProtocolViolation.DamagedDeflate,
    };
}
