namespace Verb.ClusterTests.Nodes;

/// <summary>What a <see cref="ServerCluster"/> is made of.</summary>
internal sealed record ServerClusterOptions
{
    /// <summary>How many nodes begin.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Whether the links go through a <see cref="LinkProxy"/> each.</summary>
    public bool Proxied { get; init; }

    /// <summary>Further settings of every node.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
