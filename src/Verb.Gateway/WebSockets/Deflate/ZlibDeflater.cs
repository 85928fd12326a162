using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

internal sealed unsafe class ZlibDeflater : IDeflater
{
    private readonly Zlib _zlib;
    private readonly bool _keepContext;
    private ZlibStream* _stream;

    public ZlibDeflater(Zlib zlib, int windowBits, bool keepContext)
    {
        _zlib = zlib;
        _keepContext = keepContext;
        _stream = zlib.StartDeflate(Math.Max(DeflateEngine.SmallestWindowBits, windowBits));
    }

    ~ZlibDeflater() => End();

    public void Deflate(ReadOnlySpan<byte> payload, PooledBuffer output)
    {
        ObjectDisposedException.ThrowIf(_stream is null, this);
        if (!_keepContext)
            _zlib.ResetDeflate(_stream);

        fixed (byte* source = payload)
        {
            _stream->NextIn = source;
            _stream->AvailableIn = (uint)payload.Length;
            do
            {
                var room = output.Free(payload.Length / 2 + 64);
                fixed (byte* destination = room)
                {
                    _stream->NextOut = destination;
                    _stream->AvailableOut = (uint)room.Length;
                    var code = _zlib.Deflate(_stream);
                    if (code is not (Zlib.Ok or Zlib.BufferError))
                        throw new InvalidOperationException($"zlib failed to deflate: {code}.");
                    output.Advance(room.Length - (int)_stream->AvailableOut);
                }
            }
            while (_stream->AvailableOut == 0);
        }

        output.Trim(DeflateEngine.MessageTail.Length);
    }

    public void Dispose()
    {
        End();
        GC.SuppressFinalize(this);
    }

    private void End()
    {
        if (_stream is not null)
            _zlib.EndDeflate(_stream);
        _stream = null;
    }
}
