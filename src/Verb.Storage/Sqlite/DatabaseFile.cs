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
            var held = PrivateFile.Hold(path + ".lock", $"The database '{path}'");
            try
            {
                // Made here, not by SQLite, for its mode; SQLite gives the log beside it the same.
                new FileStream(path, PrivateFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)).Dispose();
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
}
