using Verb.Actors.Files;

namespace Verb.Storage.Files;

/// <summary>How much is stored and reserved, against the quota.</summary>
internal sealed class FileSpace(FileStoreOptions options)
{
    private readonly Lock _lock = new();
    private long _bytes;
    private int _files;

    /// <summary>The answer where quota or number is used up.</summary>
    public static FileBegin.Refused None { get; } = new(FileRefusal.Quota, "There is no space left for uploaded files.");

    /// <summary>Why a file of that size is never taken; null where it may be.</summary>
    public static FileBegin.Refused? Refusal(long bytes, FileStoreOptions options) => bytes < 0 || bytes > options.MaxBytes
        ? new(FileRefusal.Size, $"A file has 0 to {options.MaxBytes} bytes.")
        : null;

    /// <summary>Counts what was already there when the store was opened, over the quota or not.</summary>
    public void Count(long bytes)
    {
        lock (_lock)
            (_bytes, _files) = (_bytes + bytes, _files + 1);
    }

    /// <summary>Reserves space for a file, or says why not.</summary>
    public FileBegin.Refused? Reserve(long bytes)
    {
        if (Refusal(bytes, options) is { } refused)
            return refused;
        lock (_lock)
        {
            if ((options.Quota > 0 && bytes > options.Quota - _bytes) || (options.MaxFiles > 0 && _files >= options.MaxFiles))
                return None;
            (_bytes, _files) = (_bytes + bytes, _files + 1);
            return null;
        }
    }

    public void Release(long bytes)
    {
        lock (_lock)
            (_bytes, _files) = (_bytes - bytes, _files - 1);
    }
}
