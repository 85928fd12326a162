namespace Verb.Gateway.Hosting;

/// <summary>What a store is asked to do, as far as one says of the other that it would succeed.</summary>
internal enum StorageWork
{
    /// <summary>Writing messages and what belongs to them.</summary>
    Write,

    /// <summary>Opening a room or an inbox: may write, and most often need not.</summary>
    Open,

    /// <summary>Reading.</summary>
    Read,

    /// <summary>The cluster's directory.</summary>
    Directory,
}
