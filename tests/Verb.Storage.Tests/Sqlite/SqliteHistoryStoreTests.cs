using Verb.Actors.Rooms;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Sqlite;

public sealed class SqliteHistoryStoreTests : HistoryStoreContract, IDisposable
{
    private readonly SqliteFixture _fixture = new();

    protected override IHistoryStore Store => _fixture.Database.History;

    public void Dispose() => _fixture.Dispose();
}
