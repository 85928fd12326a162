using System.ComponentModel.DataAnnotations;

namespace Verb.Actors.Connections;

/// <summary>How much a node, a user, an address and a connection may ask for. Configuration: <c>Verb:Limits</c>. 0 means unlimited.</summary>
public sealed record LimitOptions
{
    /// <summary>Connections of this node; beyond it <c>error OVERLOADED</c> and close 1013. Default 10,000.</summary>
    [Range(0, int.MaxValue)]
    public int Connections { get; init; } = 10_000;

    /// <summary>Connections of one user; beyond it close 4003. Default 5.</summary>
    [Range(0, int.MaxValue)]
    public int ConnectionsPerUser { get; init; } = 5;

    /// <summary>Connections from one remote address, or one IPv6 network of 64 bits; beyond it 503 before the upgrade. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int ConnectionsPerAddress { get; init; }

    /// <summary>Handshakes a second on this node; beyond it 503 with <c>Retry-After</c>. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int HandshakesPerSecond { get; init; }

    /// <summary>Commands a second of one connection, on average; beyond it <c>RATE_LIMITED</c>. Default 50.</summary>
    [Range(0, int.MaxValue)]
    public int CommandsPerSecond { get; init; } = 50;

    /// <summary>Commands a connection may send at once. Default 100; 0: as many as <see cref="CommandsPerSecond"/>.</summary>
    [Range(0, int.MaxValue)]
    public int Burst { get; init; } = 100;

    /// <summary>Bytes of binary frames a second of one connection; the reader waits. Default 10 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long BinaryBytesPerSecond { get; init; } = 10 * 1024 * 1024;

    /// <summary>
    /// Binary frames a second of one connection, twice as many at once; the reader waits. Whom that holds back for most of 10 s, and who sends no
    /// chunks, is closed with 1008 as <see cref="RefusedCommands"/> would do, unless that is 0. Whole files take turns with
    /// <see cref="CommandsPerSecond"/>, too. Default 250.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int BinaryFramesPerSecond { get; init; } = 250;

    /// <summary>The largest message, in bytes; beyond it close 1009. Default 16 MiB, 1 KiB to 1 GiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// The largest text command, in bytes, and the largest binary frame of a client that has yet to authenticate; beyond it
    /// <c>PAYLOAD_TOO_LARGE</c>. Default 64 KiB, 1 KiB to 16 MiB.
    /// </summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxCommandBytes { get; init; } = 64 * 1024;

    /// <summary>Refused commands within 10 s that end a connection with 1008. Default 100.</summary>
    [Range(0, int.MaxValue)]
    public int RefusedCommands { get; init; } = 100;

    /// <summary>Rooms one connection may be in; beyond it <c>FORBIDDEN</c>. Default 1,000.</summary>
    [Range(0, int.MaxValue)]
    public int RoomsPerConnection { get; init; } = 1_000;

    /// <summary>Topics one connection may be subscribed to; beyond it <c>FORBIDDEN</c>. Default 1,000.</summary>
    [Range(0, int.MaxValue)]
    public int TopicsPerConnection { get; init; } = 1_000;
}
