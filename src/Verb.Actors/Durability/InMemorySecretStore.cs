using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Verb.Actors.Durability;

/// <summary>Secrets that are gone with the process.</summary>
public sealed class InMemorySecretStore : ISecretStore
{
    private readonly ConcurrentDictionary<string, byte[]> _secrets = new();

    /// <inheritdoc/>
    public ValueTask<byte[]> GetOrCreate(string name, int bytes, CancellationToken cancellation) =>
        new(_secrets.GetOrAdd(name, (_, length) => RandomNumberGenerator.GetBytes(length), bytes));
}
