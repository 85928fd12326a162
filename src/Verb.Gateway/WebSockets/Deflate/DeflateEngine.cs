namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>zlib where the system has it, otherwise the runtime's own streams.</summary>
internal static class DeflateEngine
{
    /// <summary>RFC 1951's window: 32 KiB.</summary>
    public const int LargestWindowBits = 15;

    /// <summary>zlib has no window of 2^8; in one of 2^9 it looks back 250 bytes at most, which suits a receiver of 2^8, too.</summary>
    public const int SmallestWindowBits = 9;

    public static IDeflateEngine Default { get; } = Zlib.Loaded is { } zlib ? new ZlibEngine(zlib) : new StreamEngine();

    /// <summary>What a sender cuts off each message and a receiver puts back.</summary>
    public static ReadOnlySpan<byte> MessageTail => [0x00, 0x00, 0xFF, 0xFF];
}
