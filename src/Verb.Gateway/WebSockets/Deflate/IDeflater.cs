using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Deflates messages of one connection, or of any where no context is kept.</summary>
internal interface IDeflater : IDisposable
{
    /// <summary>Appends the deflated message without its tail 00 00 FF FF (RFC 7692 section 7.2.1). The payload is not empty.</summary>
    void Deflate(ReadOnlySpan<byte> payload, PooledBuffer output);
}
