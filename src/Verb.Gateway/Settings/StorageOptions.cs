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

    /// <summary>Set once after restoring a back-up: every room's history begins a new epoch. Default false.</summary>
    public bool NewEpochs { get; init; }
}
