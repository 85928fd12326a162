using System.IO.Compression;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

internal sealed class StreamDeflater(bool keepContext) : IDeflater
{
    private readonly MemoryStream _sink = new();
    private DeflateStream? _stream;

    public void Deflate(ReadOnlySpan<byte> payload, PooledBuffer output)
    {
        _stream ??= new DeflateStream(_sink, CompressionLevel.Fastest, leaveOpen: true);
        _stream.Write(payload);
        _stream.Flush();
        var deflated = _sink.GetBuffer().AsSpan(0, (int)_sink.Length - DeflateEngine.MessageTail.Length);
        deflated.CopyTo(output.Free(deflated.Length));
        output.Advance(deflated.Length);
        if (!keepContext)
            EndStream();
        _sink.SetLength(0);
    }

    public void Dispose() => EndStream();

    private void EndStream()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
