namespace Verb.Gateway.Settings;

/// <summary>Which store keeps the hub's messages.</summary>
public enum StorageKind
{
    /// <summary>One SQLite file.</summary>
    Sqlite,

    /// <summary>PostgreSQL; refused at start until nodes can form a cluster.</summary>
    Postgres,

    /// <summary>The process's memory: everything is lost at the end.</summary>
    Memory,
}
