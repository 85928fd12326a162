using Verb.Actors.Durability;

namespace Verb.Actors.Files;

/// <summary>
/// Takes one file's bytes, in any order, any part more than once; one call at a time. Disposing it before
/// <see cref="Commit"/> has stored the file leaves nothing behind.
/// </summary>
public interface IFileWriter : IAsyncDisposable
{
    /// <summary>The id the file will have.</summary>
    string Id { get; }

    /// <summary>Writes a part; of parts that overlap the later one counts.</summary>
    /// <param name="offset">Where it belongs.</param>
    /// <param name="bytes">The part; may be used again once this completes.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False where it does not lie within the announced size: nothing is written.</returns>
    /// <exception cref="StorageException">The bytes cannot be written, for example because the disk is full.</exception>
    ValueTask<bool> WriteAt(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Stores the file, if every byte has come.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StorageException">The file cannot be stored; nothing is left once the writer is disposed.</exception>
    ValueTask<FileCommit> Commit(CancellationToken cancellation);
}
