using Verb.Actors.Durability;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Sqlite;

public sealed class SqliteSecretStoreTests : SecretStoreContract, IDisposable
{
    private readonly SqliteFixture _fixture = new();

    protected override ISecretStore Store => _fixture.Database.Secrets;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_secret_survives_a_restart()
    {
        var first = await Store.GetOrCreate("session", 32, CancellationToken.None);
        await _fixture.Reopen();

        (await Store.GetOrCreate("session", 32, CancellationToken.None)).ShouldBe(first);
    }
}
