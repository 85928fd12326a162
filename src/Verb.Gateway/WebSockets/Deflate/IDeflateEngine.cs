namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Where deflating and inflating come from, and what that can do.</summary>
internal interface IDeflateEngine
{
    /// <summary>Whether the hub's window can be smaller than 32 KiB.</summary>
    bool HasSmallWindows { get; }

    /// <summary>Whether an inflater can go on over several messages.</summary>
    bool KeepsInflateContext { get; }

    IDeflater CreateDeflater(int windowBits, bool keepContext);

    IInflater CreateInflater(int windowBits);
}
