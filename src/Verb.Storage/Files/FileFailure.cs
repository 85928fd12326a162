using Verb.Actors.Durability;

namespace Verb.Storage.Files;

/// <summary>What the file system's failures mean to the operator.</summary>
internal static class FileFailure
{
    private const int ReadOnlyFileSystem = 30;

    /// <summary>ENOSPC, EDQUOT; ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.</summary>
    private static readonly int[] Full = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Whether this is the file system's failure rather than a bug.</summary>
    public static bool IsOne(Exception cause) => cause is UnauthorizedAccessException or (IOException and not StorageException);

    public static StorageException From(Exception cause, string path)
    {
        var (fault, meaning) = cause switch
        {
            UnauthorizedAccessException or { HResult: ReadOnlyFileSystem } => (StorageFault.ReadOnly, "cannot be written"),
            _ when Full.Contains(cause.HResult) => (StorageFault.Full, "is on a full disk"),
            _ => (StorageFault.Device, "cannot be used"),
        };
        return new StorageException(fault, $"The directory of uploads '{path}' {meaning}: {cause.Message.ReplaceLineEndings(" ")}", cause);
    }
}
