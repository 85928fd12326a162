using Verb.Actors.Durability;
using Verb.Storage.Postgres;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresSecretStoreTests(PostgresCollection.Fixture server) : SecretStoreContract, IAsyncLifetime
{
    private readonly PostgresFixture _fixture = new(server);

    protected override ISecretStore Store => _fixture.Database.Secrets;

    public Task InitializeAsync() => _fixture.OpenWithTerms();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Nodes_that_draw_a_secret_at_once_get_the_same()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresDatabase.Open(_fixture.Options, _fixture.Clock, CancellationToken.None)));
        var drawn = await Task.WhenAll(nodes.Select(node => node.Secrets.GetOrCreate("session", 32, CancellationToken.None).AsTask()));
        foreach (var node in nodes)
            await node.DisposeAsync();

        drawn.ShouldAllBe(secret => secret.SequenceEqual(drawn[0]));
    }
}
