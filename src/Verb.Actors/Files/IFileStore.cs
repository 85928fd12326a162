using Verb.Actors.Durability;

namespace Verb.Actors.Files;

/// <summary>Keeps uploaded files. Safe for concurrent use.</summary>
public interface IFileStore
{
    /// <summary>Reserves space for a file and opens it for writing.</summary>
    /// <param name="upload">What the client announced.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    ValueTask<FileBegin> Begin(FileUpload upload, CancellationToken cancellation);

    /// <summary>Opens a stored file.</summary>
    /// <param name="id">An id as a client sent it: anything at all.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The file, or null where there is none of that id.</returns>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    ValueTask<FileContent?> Open(string id, CancellationToken cancellation);

    /// <summary>Deletes a stored file that nobody was told of, and gives its space back. Where there is none nothing happens.</summary>
    /// <param name="id">The id it was stored under.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    ValueTask Delete(string id, CancellationToken cancellation);
}
