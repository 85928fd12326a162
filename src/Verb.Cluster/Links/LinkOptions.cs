namespace Verb.Cluster.Links;

/// <summary>How a node is linked to its peers. The times and bounds are the same on every node of a cluster.</summary>
internal sealed record LinkOptions
{
    /// <summary>Where peers are listened for, <c>host:port</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>The cluster's name: nodes of another are refused.</summary>
    public required string Cluster { get; init; }

    /// <summary>What every node of the cluster knows; it never crosses a link.</summary>
    public required string Secret { get; init; }

    /// <summary>How often a link says that it is there.</summary>
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After how many such times without a byte the peer is suspect and the link cut.</summary>
    public int SilentPings { get; init; } = 4;

    /// <summary>How long a connection may take to be made, and then to say who it is.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The wait before the second attempt; it doubles up to <see cref="LastRetry"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How much later the node dials whose link would be given up if both did: a link that is replaced is a session lost.</summary>
    public TimeSpan HeadStart { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The largest message; a larger one is not sent, and cuts the link it comes over.</summary>
    public int MaxFrameBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary>How many messages may wait for one peer; beyond half of it what may be dropped is, beyond all of it the link is cut.</summary>
    public int MaxQueuedMessages { get; init; } = 65_536;

    /// <summary>How many bytes may wait for one peer, likewise.</summary>
    public long MaxQueuedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The oldest version of the link protocol that this node speaks.</summary>
    public int OldestVersion { get; init; } = 1;

    /// <summary>The newest version of the link protocol that this node speaks.</summary>
    public int NewestVersion { get; init; } = 1;
}
