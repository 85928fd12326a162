using System.ComponentModel.DataAnnotations;

namespace Verb.Storage.Sqlite;

/// <summary>Where and how the SQLite database of a single node is kept.</summary>
public sealed class SqliteOptions
{
    /// <summary>The database file; its directory is made where it is missing, readable by this user only.</summary>
    [Required]
    public string Path { get; set; } = "data/verb.db";

    /// <summary>
    /// Gives every room a new epoch at start: set once after a back-up was restored, so that no client takes the older history
    /// for the one it knows. Default false.
    /// </summary>
    public bool NewEpochs { get; set; }

    /// <summary>How many writes, and as many reads, may wait; beyond it they are refused as overloaded. Default 4096.</summary>
    [Range(1, 1_000_000)]
    public int QueueLength { get; set; } = 4096;

    /// <summary>How many bytes of messages may wait to be written. Default 64 MiB. A single larger write is taken alone.</summary>
    [Range(1, long.MaxValue)]
    public long QueueBytes { get; set; } = 64 << 20;

    /// <summary>How many threads read. Default 2.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 2;

    /// <summary>
    /// A database up to this size is checked page by page at start, and refused where it is damaged; a larger one is only
    /// checked as it is read. Default 256 MiB, 0 never checks.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long CheckUpToBytes { get; set; } = 256 << 20;

    /// <summary>The file may not grow beyond so many pages of 4 KiB; 0, the default, leaves it to the disk.</summary>
    [Range(0, int.MaxValue)]
    public int MaxPages { get; set; }
}
