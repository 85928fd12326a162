using Verb.Actors.Rooms;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresHistoryStoreTests(PostgresCollection.Fixture server) : HistoryStoreContract, IAsyncLifetime
{
    private readonly PostgresFixture _fixture = new(server);

    protected override IHistoryStore Store => _fixture.Database.History;

    public Task InitializeAsync() => _fixture.OpenWithTerms();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    protected override Task Raise() => _fixture.SetTerm(Given.Fence.Shard, Given.Fence.Term + 1);
}
