namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Deflate by the runtime's streams, for systems without zlib: the largest window only, and no context when inflating.</summary>
internal sealed class StreamEngine : IDeflateEngine
{
    public bool HasSmallWindows => false;

    public bool KeepsInflateContext => false;

    public IDeflater CreateDeflater(int windowBits, bool keepContext) => new StreamDeflater(keepContext);

    public IInflater CreateInflater(int windowBits) => new StreamInflater();
}
