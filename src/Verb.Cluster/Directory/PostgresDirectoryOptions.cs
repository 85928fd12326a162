namespace Verb.Cluster.Directory;

/// <summary>Which cluster, where, and how long things may take.</summary>
internal sealed record PostgresDirectoryOptions
{
    /// <summary>The version of what nodes tell each other and store for each other.</summary>
    public const int CurrentProtocol = 1;

    /// <summary>The database that all nodes share.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The cluster's name; the first node gives it to the database, and others by another name are refused.</summary>
    public required string Cluster { get; init; }

    /// <summary>
    /// What a node shows of the secret it shares with the others: not the secret, and as good as none to who has it alone. Null: it is not asked.
    /// </summary>
    public string? SecretDigest { get; init; }

    /// <summary>How long a node that does not renew is believed alive; the same at every node. Default 3 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long nobody is judged after the database started, or after this node's own connection came back: the peers lost theirs too, and
    /// need the time to come back. Default: the lease.
    /// </summary>
    public TimeSpan? Settling { get; init; }

    /// <summary>How far the machine's clock may be from the database's. Default 5 s.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the database may take to answer. Default 2 s, whole seconds.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What this node speaks; only tests set it.</summary>
    public int Protocol { get; init; } = CurrentProtocol;
}
