using System.Buffers;
using Verb.Actors.Delivery;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Frames deflated with one connection's own context. Used by that connection's writer only, and in the order sent.</summary>
internal sealed class DedicatedDeflateFormat(IDeflateEngine engine, int windowBits, int threshold) : IWireFormat, IDisposable
{
    private readonly PooledBuffer _buffer = new(ArrayPool<byte>.Shared);
    private IDeflater? _deflater;

    public int Slot => -1;

    public byte[] Encode(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (payload.Length < threshold || payload.IsEmpty)
            return PlainFormat.Instance.Encode(payload, kind);

        var frame = FrameEncoder.Encode(Deflate(payload), FrameEncoder.OpcodeOf(kind), compressed: true);
        _buffer.Release();
        return frame;
    }

    /// <summary>Like <see cref="Encode"/>, straight into the transport's buffer.</summary>
    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (payload.Length < threshold || payload.IsEmpty)
        {
            output.WriteFrame(payload, FrameEncoder.OpcodeOf(kind), compressed: false);
            return;
        }

        output.WriteFrame(Deflate(payload), FrameEncoder.OpcodeOf(kind), compressed: true);
        _buffer.Release();
    }

    public void Dispose() => _deflater?.Dispose();

    private Span<byte> Deflate(ReadOnlySpan<byte> payload)
    {
        _deflater ??= engine.CreateDeflater(windowBits, keepContext: true);
        _deflater.Deflate(payload, _buffer);
        return _buffer.WrittenSpan;
    }
}
