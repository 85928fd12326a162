using System.ComponentModel.DataAnnotations;

namespace Verb.Storage.Files;

/// <summary>Where uploaded files are kept, and how much of them.</summary>
public sealed class FileStoreOptions
{
    /// <summary>The directory; made where it is missing, readable by this user only. One process uses it at a time.</summary>
    [Required]
    public string Path { get; set; } = "data/uploads";

    /// <summary>The largest file, in bytes. Default 64 MiB.</summary>
    [Range(1L, long.MaxValue)]
    public long MaxBytes { get; set; } = 64L << 20;

    /// <summary>All files together, with those still being uploaded, in bytes. Default 1 GiB; 0: unlimited.</summary>
    [Range(0L, long.MaxValue)]
    public long Quota { get; set; } = 1L << 30;

    /// <summary>How many files, for many empty ones fill a disk too. Default 100,000; 0: unlimited.</summary>
    [Range(0, int.MaxValue)]
    public int MaxFiles { get; set; } = 100_000;
}
