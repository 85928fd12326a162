namespace Verb.Actors.Durability;

/// <summary>
/// A store could not do its work. The message is one line for the operator and names the file.
/// Nothing acknowledged is lost. Whether a write that failed this way was stored is open: the writer opens its room or
/// inbox again, which tells, before it writes on.
/// </summary>
public sealed class StorageException : IOException
{
    /// <summary>A failure with its cause.</summary>
    /// <param name="fault">What kind of failure this is.</param>
    /// <param name="message">One line for the operator.</param>
    /// <param name="inner">The failure below, where there is one.</param>
    public StorageException(StorageFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What kind of failure this is.</summary>
    public StorageFault Fault { get; }
}
