using System.ComponentModel.DataAnnotations;

namespace Verb.Gateway.Settings;

/// <summary>Uploaded files. Configuration: <c>Verb:Uploads</c>.</summary>
public sealed record UploadOptions
{
    /// <summary>The folder that holds them; it is made. Default <c>data/uploads</c>.</summary>
    [Required]
    public string Path { get; init; } = "data/uploads";

    /// <summary>The largest file, in bytes; beyond it <c>PAYLOAD_TOO_LARGE</c>. Default 64 MiB, 1 byte to 1 TiB.</summary>
    [Range(1L, 1L << 40)]
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>All files together, in bytes; beyond it <c>OVERLOADED</c>. Default 1 GiB; 0: unlimited.</summary>
    [Size]
    [Range(0L, long.MaxValue)]
    public long Quota { get; init; } = 1L << 30;

    /// <summary>How many files, for many empty ones fill a disk too; beyond it <c>OVERLOADED</c>. Default 100,000; 0: unlimited.</summary>
    [Range(0, int.MaxValue)]
    public int MaxFiles { get; init; } = 100_000;
}
