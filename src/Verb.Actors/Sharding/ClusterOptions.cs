namespace Verb.Actors.Sharding;

/// <summary>What makes a node one of several.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The truth about nodes and shards.</summary>
    public required IShardDirectory Directory { get; init; }

    /// <summary>The way to the peers.</summary>
    public required INodeLinks Links { get; init; }

    /// <summary>What peers dial, <c>host:port</c>.</summary>
    public required string Address { get; init; }

    /// <summary>How often the lease is renewed.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a lease holds; the directory's nodes all use the same.</summary>
    public TimeSpan Lease { get; init; } = DefaultLease;

    /// <summary>Three times the renewals: 3 s.</summary>
    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(3);
}
