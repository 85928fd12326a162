using System.ComponentModel.DataAnnotations;

namespace Verb.Actors.Connections;

/// <summary>How one route's sockets live. Configuration: <c>Verb:Socket</c>; each route has its own copy. A time of zero is off.</summary>
public sealed record SocketOptions
{
    /// <summary>No byte received for this long, pongs included: close 1001. Default 120 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest life of a connection: then close 1001. Default zero, unlimited.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.Zero;

    /// <summary>How often the hub pings. Default 30 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a ping its pong, or anything else, must have come; otherwise the connection is cut. Default 10 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// permessage-deflate: <c>shared</c> deflates once per broadcast, <c>dedicated</c> keeps a context per connection. Default shared.
    /// There is no limit on how many deflate at once: a connection deflates on its own turn, so that the server's threads are the limit.
    /// </summary>
    public CompressionMode Compression { get; init; } = CompressionMode.Shared;

    /// <summary>Messages shorter than this many bytes are sent uncompressed. Default 256, 0 to 1 MiB.</summary>
    [Range(0, 1024 * 1024)]
    public int CompressionThreshold { get; init; } = 256;

    /// <summary>
    /// The largest window the hub deflates with, as a power of two in bytes (RFC 7692 section 7.1.2.1); a client that asks for less gets
    /// less. Smaller ones compress worse and save memory: a dedicated connection's context takes eight windows, 256 KiB with 15, 4 KiB with 9.
    /// Default 15 (32 KiB), 9 to 15. On a system without zlib it is always 15.
    /// </summary>
    [Range(9, 15)]
    public int ServerMaxWindowBits { get; init; } = 15;

    /// <summary>
    /// The largest window a client may deflate with, as a power of two in bytes (RFC 7692 section 7.1.2.2). Only a client that offers the
    /// parameter can be told; any other keeps the largest window. Default 15 (32 KiB), 9 to 15.
    /// </summary>
    [Range(9, 15)]
    public int ClientMaxWindowBits { get; init; } = 15;

    /// <summary>Whether the hub deflates each message alone although compression is dedicated (RFC 7692 section 7.1.1.1). Default false; shared always does.</summary>
    public bool ServerNoContextTakeover { get; init; }

    /// <summary>Whether clients must deflate each message alone although compression is dedicated (RFC 7692 section 7.1.1.2). Default false; shared always demands it.</summary>
    public bool ClientNoContextTakeover { get; init; }

    /// <summary>The largest compressed message a client may send, in bytes as they come; beyond it close 1009. Default 16 MiB, 1 KiB to 1 GiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxCompressedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Whether text must be UTF-8 (1007). Default true.</summary>
    public bool ValidateUtf8 { get; init; } = true;

    /// <summary>Whether pings are answered with pongs. Default true.</summary>
    public bool AutoPong { get; init; } = true;

    /// <summary>From a message's first byte to its last; beyond it close 1001. Default 60 s.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From either side's close frame to the end of the connection; beyond it the connection is cut. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What may wait for one client, in bytes. Default 1 MiB, 4 KiB to 1 GiB. A larger frame is taken when nothing waits.</summary>
    [Range(4096, 1024 * 1024 * 1024)]
    public int SendBufferBytes { get; init; } = 1024 * 1024;

    /// <summary>What may wait for one client, in messages. Default 1,024, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int SendBufferMessages { get; init; } = 1024;

    /// <summary>What happens when the send buffer is full. Default close (4005).</summary>
    public OverflowPolicy Overflow { get; init; } = OverflowPolicy.Close;

    /// <summary>Origins that may connect beside the hub's own host and port; <c>*</c> allows all. Default none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];
}
