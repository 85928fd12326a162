namespace Verb.ClusterTests;

/// <summary>One test after the other: each has the machine and the PostgreSQL server for itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "Cluster";
}
