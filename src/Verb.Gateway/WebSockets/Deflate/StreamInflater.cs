using System.IO.Compression;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

internal sealed class StreamInflater : IInflater
{
    private readonly MemoryStream _source = new();
    private DeflateStream? _stream;

    public InflateStatus Inflate(ReadOnlySpan<byte> input, PooledBuffer output, int keep, int limit, ref long skipped)
    {
        _stream ??= new DeflateStream(_source, CompressionMode.Decompress, leaveOpen: true);
        _source.SetLength(0);
        _source.Write(input);
        _source.Position = 0;
        try
        {
            while (true)
            {
                var allowed = (int)Math.Min(limit - skipped + 1 - output.Length, int.MaxValue);
                var room = output.Free(Math.Min(allowed, 1024));
                var read = _stream.Read(room.Length > allowed ? room[..allowed] : room);
                output.Advance(read);
                skipped += output.TrimTo(keep);
                if (output.Length + skipped > limit)
                    return InflateStatus.TooBig;
                if (read == 0)
                    return InflateStatus.Ok;
            }
        }
        catch (InvalidDataException)
        {
            return InflateStatus.Damaged;
        }
    }

    public InflateStatus FinishMessage(PooledBuffer output, int keep, int limit, ref long skipped) =>
        Inflate(DeflateEngine.MessageTail, output, keep, limit, ref skipped);

    public void Reset()
    {
        _stream?.Dispose();
        _stream = null;
        _source.SetLength(0);
    }

    public void Dispose() => Reset();
}
