using Verb.Actors.Users;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Sqlite;

public sealed class SqliteInboxStoreTests : InboxStoreContract, IDisposable
{
    private readonly SqliteFixture _fixture = new();

    protected override IInboxStore Store => _fixture.Database.Inboxes;

    public void Dispose() => _fixture.Dispose();

    protected override Task Pass(TimeSpan time)
    {
        _fixture.Clock.Advance(time);
        return Task.CompletedTask;
    }
}
