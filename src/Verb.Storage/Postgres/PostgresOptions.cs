using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Verb.Storage.Postgres;

/// <summary>Which PostgreSQL keeps everything, and how it is used.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// Npgsql's connection string: <c>Host=db;Username=verb;Password=…;Database=verb</c>. The database exists; the tables are made. A pooler
    /// in between has to be in session mode.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>What the connections are called in <c>pg_stat_activity</c>, where the connection string does not say. Default <c>verb</c>.</summary>
    [Required]
    public string ApplicationName { get; set; } = "verb";

    /// <summary>
    /// Takes a server whose <c>fsync</c> or <c>full_page_writes</c> is off, so that what was acknowledged may be lost when it crashes.
    /// Default false.
    /// </summary>
    public bool AllowUnsafe { get; set; }

    /// <summary>
    /// Gives every room a new epoch at start: set once after a back-up was restored, so that no client takes the older history
    /// for the one it knows. Refused while nodes use the database. Default false.
    /// </summary>
    public bool NewEpochs { get; set; }

    /// <summary>How many connections write; each takes the shards that fall to it, so that writes of one room stay in order. Default 4.</summary>
    [Range(1, 64)]
    public int Writers { get; set; } = 4;

    /// <summary>How many connections read. Default 8.</summary>
    [Range(1, 256)]
    public int Readers { get; set; } = 8;

    /// <summary>How many writes of one connection, and how many reads, may wait; beyond it they are refused as overloaded. Default 4096.</summary>
    [Range(1, 1_000_000)]
    public int QueueLength { get; set; } = 4096;

    /// <summary>How many bytes of messages may wait for one connection. Default 64 MiB. A single larger write is taken alone.</summary>
    [Range(1, long.MaxValue)]
    public long QueueBytes { get; set; } = 64 << 20;

    /// <summary>Whether the text is a connection string that names a server.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception cause) when (cause is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}
