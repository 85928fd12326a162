namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Deflate by the system's zlib: every window size, every context.</summary>
internal sealed class ZlibEngine(Zlib zlib) : IDeflateEngine
{
    public bool HasSmallWindows => true;

    public bool KeepsInflateContext => true;

    public IDeflater CreateDeflater(int windowBits, bool keepContext) => new ZlibDeflater(zlib, windowBits, keepContext);

    public IInflater CreateInflater(int windowBits) => new ZlibInflater(zlib, windowBits);
}
