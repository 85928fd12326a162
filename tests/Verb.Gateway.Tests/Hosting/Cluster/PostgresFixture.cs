using Verb.Postgres.Testing;

namespace Verb.Gateway.Tests.Hosting.Cluster;

/// <summary>One server for all tests of hosts in a cluster; every cluster has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.Start("fsync=off");

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

/// <summary>Tests of hosts in a cluster, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "cluster";
}
