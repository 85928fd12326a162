namespace Verb.Actors.Durability;

/// <summary>Random secrets that outlive a restart, such as the key that signs anonymous sessions.</summary>
public interface ISecretStore
{
    /// <summary>Gives the secret of that name; draws and commits it first where there is none.</summary>
    /// <param name="name">The secret's name.</param>
    /// <param name="bytes">How long a new one is. One that exists keeps its length.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StorageException">The store cannot be read or written.</exception>
    ValueTask<byte[]> GetOrCreate(string name, int bytes, CancellationToken cancellation);
}
