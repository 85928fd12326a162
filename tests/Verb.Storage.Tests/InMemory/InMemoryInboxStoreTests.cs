using Verb.Actors.Users;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.InMemory;

public sealed class InMemoryInboxStoreTests : InboxStoreContract
{
    protected override IInboxStore Store { get; } = new InMemoryInboxStore();
}
