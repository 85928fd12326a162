using Verb.Actors.Users;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresInboxStoreTests(PostgresCollection.Fixture server) : InboxStoreContract, IAsyncLifetime
{
    private readonly PostgresFixture _fixture = new(server);

    protected override IInboxStore Store => _fixture.Database.Inboxes;

    public Task InitializeAsync() => _fixture.OpenWithTerms();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    protected override Task Raise() => _fixture.SetTerm(Given.Fence.Shard, Given.Fence.Term + 1);

    protected override async Task Pass(TimeSpan time)
    {
        _fixture.Clock.Advance(time);
        await _fixture.Database.Purge(CancellationToken.None);
    }
}
