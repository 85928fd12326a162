using SQLitePCL;
using Verb.Actors.Durability;

namespace Verb.Storage.Sqlite;

/// <summary>What SQLite's result codes mean to the operator.</summary>
internal static class SqliteFailure
{
    public static StorageException From(int code, string detail, string path)
    {
        var (fault, meaning) = (code & 0xff) switch
        {
            raw.SQLITE_FULL => (StorageFault.Full, "is full, or its disk is: nothing more is stored until there is space"),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => (StorageFault.ReadOnly, "cannot be written"),
            raw.SQLITE_CANTOPEN => (StorageFault.ReadOnly, "cannot be opened or created"),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (StorageFault.Locked, "is locked by another program"),
            raw.SQLITE_CORRUPT => (
                StorageFault.Damaged, "is damaged: restore a back-up and start once with --Verb:Storage:NewEpochs=true"),
            raw.SQLITE_NOTADB => (StorageFault.Damaged, "is not a database"),
            raw.SQLITE_IOERR => (StorageFault.Device, "cannot be read or written: the device failed"),
            _ => (StorageFault.Device, "does not work"),
        };
        return new StorageException(fault, $"The database '{path}' {meaning} (SQLite {code}: {detail}).");
    }
}
