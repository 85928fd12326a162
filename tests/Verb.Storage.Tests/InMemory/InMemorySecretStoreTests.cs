using Verb.Actors.Durability;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.InMemory;

public sealed class InMemorySecretStoreTests : SecretStoreContract
{
    protected override ISecretStore Store { get; } = new InMemorySecretStore();
}
