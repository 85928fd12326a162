using Verb.Actors.Durability;

namespace Verb.Storage.Tests.Contracts;

/// <summary>What every store of secrets promises; implementers inherit it.</summary>
public abstract class SecretStoreContract
{
    protected abstract ISecretStore Store { get; }

    [Fact]
    public async Task A_secret_is_drawn_once()
    {
        var first = await Store.GetOrCreate("session", 32, CancellationToken.None);
        var again = await Store.GetOrCreate("session", 64, CancellationToken.None);

        first.Length.ShouldBe(32);
        first.ShouldNotBe(new byte[32]);
        again.ShouldBe(first);
    }

    [Fact]
    public async Task Secrets_of_different_names_differ()
    {
        var one = await Store.GetOrCreate("one", 32, CancellationToken.None);
        var two = await Store.GetOrCreate("two", 32, CancellationToken.None);

        one.ShouldNotBe(two);
    }
}
