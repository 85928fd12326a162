using Verb.Actors.Durability;

namespace Verb.Storage.Files;

/// <summary>Files that only this user may read.</summary>
internal static class PrivateFile
{
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Takes a lock that ends with the returned stream, or with the process.</summary>
    /// <param name="path">The lock's file; stays behind.</param>
    /// <param name="what">What is locked, for the message.</param>
    /// <exception cref="StorageException">Another process has it.</exception>
    public static FileStream Hold(string path, string what)
    {
        try
        {
            return new FileStream(path, Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException cause) when (cause is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path))
        {
            throw new StorageException(StorageFault.Locked, $"{what} is in use by another process.", cause);
        }
    }

    /// <summary>Writes a new file and syncs it.</summary>
    public static async ValueTask Write(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await using var stream = new FileStream(path, Options(FileMode.CreateNew, FileAccess.Write, FileShare.None));
        await stream.WriteAsync(bytes, cancellation);
        stream.Flush(flushToDisk: true);
    }
}
