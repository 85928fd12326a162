namespace Verb.Gateway.Settings;

/// <summary>Which store keeps the hub's messages.</summary>
public enum StorageKind
{
    /// <summary>One SQLite file.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database, which the nodes of a cluster share; uploaded files are kept there too.</summary>
    Postgres,

    /// <summary>The process's memory: everything is lost at the end.</summary>
    Memory,
}
