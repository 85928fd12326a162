using Verb.Postgres.Testing;

namespace Verb.Storage.Tests.Postgres;

/// <summary>One server for all tests; each makes a database of its own, which takes long where every file is synced.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresCollection.Fixture>
{
    public const string Name = "PostgreSQL";

    public sealed class Fixture : IAsyncLifetime
    {
        public PostgresServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await PostgresServer.Start("fsync=off");

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
