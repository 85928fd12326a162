namespace Verb.Actors.Durability;

/// <summary>Why a store could not do its work.</summary>
public enum StorageFault
{
    /// <summary>Too much is waiting; the same call may be tried again.</summary>
    Overloaded,

    /// <summary>The disk, the quota of the disk or the configured size is used up. Works again once there is space.</summary>
    Full,

    /// <summary>The file or its directory cannot be written.</summary>
    ReadOnly,

    /// <summary>Another process has the file open.</summary>
    Locked,

    /// <summary>The file is not a database, or is damaged.</summary>
    Damaged,

    /// <summary>The file was written by a newer version of Verb.</summary>
    Newer,

    /// <summary>Reading or writing the device failed.</summary>
    Device,

    /// <summary>The store is closed.</summary>
    Closed,
}
