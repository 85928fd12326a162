using System.Buffers;
using Microsoft.Extensions.ObjectPool;
using Verb.Actors.Delivery;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Frames deflated without context, so that every socket that negotiated <c>server_no_context_takeover</c> can send the same bytes.</summary>
internal sealed class SharedDeflateFormat : IWireFormat
{
    private readonly ObjectPool<IDeflater> _deflaters;
    private readonly int _threshold;

    public SharedDeflateFormat(IDeflateEngine engine, int windowBits, int threshold)
    {
        _deflaters = new DefaultObjectPoolProvider().Create(new Policy(engine, windowBits));
        _threshold = threshold;
        Slot = 1 + DeflateEngine.LargestWindowBits - Math.Max(DeflateEngine.SmallestWindowBits, windowBits);
    }

    /// <summary>One for each window: 1 for the largest.</summary>
    public int Slot { get; }

    public byte[] Encode(ReadOnlySpan<byte> payload, FrameKind kind)
    {
        if (payload.Length < _threshold || payload.IsEmpty)
            return PlainFormat.Instance.Encode(payload, kind);

        var buffer = new PooledBuffer(ArrayPool<byte>.Shared);
        var deflater = _deflaters.Get();
        deflater.Deflate(payload, buffer);
        _deflaters.Return(deflater);

        var frame = buffer.Length < payload.Length
            ? FrameEncoder.Encode(buffer.WrittenSpan, FrameEncoder.OpcodeOf(kind), compressed: true)
            : PlainFormat.Instance.Encode(payload, kind);
        buffer.Release();
        return frame;
    }

    private sealed class Policy(IDeflateEngine engine, int windowBits) : PooledObjectPolicy<IDeflater>
    {
        public override IDeflater Create() => engine.CreateDeflater(windowBits, keepContext: false);

        public override bool Return(IDeflater obj) => true;
    }
}
