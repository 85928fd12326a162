using Verb.Actors.Connections;
using Verb.Gateway.WebSockets.Deflate;

namespace Verb.Gateway.WebSockets;

/// <summary>How one route speaks RFC 6455 and RFC 7692. A time of zero is off.</summary>
internal sealed record WebSocketProtocolOptions
{
    /// <summary>The largest message after inflating, in bytes; beyond it close 1009. Default 16 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// The largest text message that is wanted, after inflating, in bytes. Of a larger one only so much is kept; the rest is skipped. Default: no
    /// limit of its own.
    /// </summary>
    public int MaxTextBytes { get; init; } = int.MaxValue;

    /// <summary>The largest compressed message as it comes over the wire, in bytes; beyond it close 1009. Default 16 MiB.</summary>
    public int MaxCompressedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Whether text and close reasons must be UTF-8 (1007). Default true.</summary>
    public bool ValidateUtf8 { get; init; } = true;

    /// <summary>permessage-deflate. Default shared.</summary>
    public CompressionMode Compression { get; init; } = CompressionMode.Shared;

    /// <summary>Messages shorter than this many bytes are sent uncompressed. Default 256.</summary>
    public int CompressionThreshold { get; init; } = 256;

    /// <summary>The largest window the hub deflates with, as a power of two. Default 15, 9 to 15.</summary>
    public int ServerMaxWindowBits { get; init; } = DeflateEngine.LargestWindowBits;

    /// <summary>The largest window a client may deflate with, where it can be told. Default 15, 9 to 15.</summary>
    public int ClientMaxWindowBits { get; init; } = DeflateEngine.LargestWindowBits;

    /// <summary>Whether the hub deflates each message alone. Default false; shared always does.</summary>
    public bool ServerNoContextTakeover { get; init; }

    /// <summary>Whether clients must deflate each message alone. Default false; shared always demands it.</summary>
    public bool ClientNoContextTakeover { get; init; }

    /// <summary>From a message's first byte to its last; beyond it close 1001. Default 60 s.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From either side's close frame to the end of the connection; beyond it the connection is cut. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
