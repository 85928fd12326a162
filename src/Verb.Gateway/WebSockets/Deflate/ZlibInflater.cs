using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

internal sealed unsafe class ZlibInflater : IInflater
{
    private const int BetweenBlocks = 128;
    private const int Growth = 4;

    private readonly Zlib _zlib;
    private ZlibStream* _stream;

    public ZlibInflater(Zlib zlib, int windowBits)
    {
        _zlib = zlib;
        _stream = zlib.StartInflate(windowBits);
    }

    ~ZlibInflater() => End();

    public InflateStatus Inflate(ReadOnlySpan<byte> input, PooledBuffer output, int keep, int limit, ref long skipped)
    {
        ObjectDisposedException.ThrowIf(_stream is null, this);
        fixed (byte* source = input)
        {
            _stream->NextIn = source;
            _stream->AvailableIn = (uint)input.Length;
            while (true)
            {
                var code = Step(output, limit - skipped);
                skipped += output.TrimTo(keep);
                if (output.Length + skipped > limit)
                    return InflateStatus.TooBig;
                if (code == Zlib.StreamEnd)
                    _zlib.ContinueInflate(_stream);
                else if (code is not (Zlib.Ok or Zlib.BufferError))
                    return InflateStatus.Damaged;

                // Room left over means that zlib holds nothing back.
                if (_stream->AvailableIn == 0 && _stream->AvailableOut > 0)
                    return InflateStatus.Ok;
            }
        }
    }

    public InflateStatus FinishMessage(PooledBuffer output, int keep, int limit, ref long skipped)
    {
        var status = Inflate(DeflateEngine.MessageTail, output, keep, limit, ref skipped);
        return status == InflateStatus.Ok && (_stream->DataType & BetweenBlocks) == 0 ? InflateStatus.Damaged : status;
    }

    public void Reset() => _zlib.ResetInflate(_stream);

    public void Dispose()
    {
        End();
        GC.SuppressFinalize(this);
    }

    private int Step(PooledBuffer output, long limit)
    {
        // One byte more than allowed is asked for, so that exceeding the limit shows.
        var allowed = (int)Math.Min(limit + 1 - output.Length, int.MaxValue);
        var hint = (int)Math.Min(allowed, Math.Max(256L, Growth * (long)_stream->AvailableIn));
        var room = output.Free(hint);
        if (room.Length > allowed)
            room = room[..allowed];

        fixed (byte* destination = room)
        {
            _stream->NextOut = destination;
            _stream->AvailableOut = (uint)room.Length;
            var code = _zlib.Inflate(_stream);
            output.Advance(room.Length - (int)_stream->AvailableOut);
            return code;
        }
    }

    private void End()
    {
        if (_stream is not null)
            _zlib.EndInflate(_stream);
        _stream = null;
    }
}
