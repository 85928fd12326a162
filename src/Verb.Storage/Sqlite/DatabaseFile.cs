using Verb.Actors.Durability;
using Verb.Storage.Files;

namespace Verb.Storage.Sqlite;

/// <summary>The database's file and directory: readable by this user only, used by one process at a time.</summary>
internal static class DatabaseFile
{
    /// <summary>Makes what is missing and takes the lock that the returned stream holds.</summary>
    public static FileStream Lock(string path)
    {
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
            PrivateDirectory.Create(directory);
            var held = Hold(path);
            try
            {
                // Made here, not by SQLite, for its mode; SQLite gives the log beside it the same.
                Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
                PrivateDirectory.Sync(directory);
                return held;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException and not StorageException)
        {
            throw new StorageException(
                StorageFault.ReadOnly, $"The database '{path}' cannot be opened or created: {cause.Message}", cause);
        }
    }

    private static FileStream Hold(string path)
    {
        try
        {
            return Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException cause) when (cause is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
            && File.Exists(path + ".lock"))
        {
            throw new StorageException(StorageFault.Locked, $"The database '{path}' is in use by another process.", cause);
        }
    }

    private static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
