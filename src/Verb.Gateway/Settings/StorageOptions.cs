using System.ComponentModel.DataAnnotations;

namespace Verb.Gateway.Settings;

/// <summary>Where messages, inboxes and de-duplication are kept. Configuration: <c>Verb:Storage</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>Which store. Default sqlite.</summary>
    public StorageKind Kind { get; init; } = StorageKind.Sqlite;

    /// <summary>The SQLite file; its folder is made. Default <c>data/verb.db</c>.</summary>
    [Required]
    public string Path { get; init; } = "data/verb.db";

    /// <summary>
    /// PostgreSQL's connection string, such as <c>Host=db;Username=verb;Password=secret;Database=verb</c>. Default null; needed with
    /// <see cref="StorageKind.Postgres"/>. The database exists, the tables are made.
    /// </summary>
    [Secret]
    public string? Postgres { get; init; }

    /// <summary>Takes a PostgreSQL that may lose what it acknowledged: <c>fsync</c> or <c>full_page_writes</c> off. Default false.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Set once after restoring a back-up: every room's history begins a new epoch. Default false.</summary>
    public bool NewEpochs { get; init; }

    /// <summary>Keeps the connection string out of logs.</summary>
    public override string ToString() => $"StorageOptions {{ Kind = {Kind}, Path = {Path}, NewEpochs = {NewEpochs}, AllowUnsafe = {AllowUnsafe} }}";
}
