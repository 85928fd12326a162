using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What a client is told of a file that is not taken or could not be stored. Pure.</summary>
internal static class FileError
{
    private static readonly CommandError NoSpace = new(ErrorCode.Overloaded, "There is no space left for uploaded files; nothing was stored.");

    private static readonly CommandError NotStored = new(ErrorCode.Internal, "The hub could not store the file, and keeps nothing of it. Upload it again.");

    private static readonly CommandError NotRead = new(ErrorCode.Internal, "The hub cannot say now whether the file is stored. Send file_end again.");

    private static readonly CommandError BeginTimeout = new(ErrorCode.Timeout, "No answer in time; nothing was begun. Send file_start again.");

    private static readonly CommandError EndTimeout = new(ErrorCode.Timeout, "No answer in time; the file may yet be stored. Send file_end again.");

    /// <summary>A file the store does not take.</summary>
    public static CommandError Of(FileBegin.Refused refused) => refused.Reason switch
    {
        FileRefusal.Size => new CommandError(ErrorCode.PayloadTooLarge, refused.Message),
        FileRefusal.Quota => new CommandError(ErrorCode.Overloaded, refused.Message), // A full store does not empty by itself: no retryAfter.
        _ => new CommandError(ErrorCode.InvalidMessage, refused.Message),
    };

    /// <summary>A store that fails while a file is begun, written or ended: what had come of it goes.</summary>
    public static CommandError OfWriting(Exception? cause) => cause switch
    {
        StorageException { Fault: StorageFault.Full } => NoSpace,
        StorageException { Fault: StorageFault.Overloaded } => CommandError.Overloaded,
        _ => NotStored,
    };

    /// <summary>A store that fails while a file is looked for.</summary>
    public static CommandError OfReading(Exception? cause) =>
        cause is StorageException { Fault: StorageFault.Overloaded } ? CommandError.Overloaded : NotRead;

    /// <summary>A command that was not answered in time.</summary>
    public static CommandError OfTimeout(string command) => command switch
    {
        "file_start" => BeginTimeout,
        "file_end" => EndTimeout,
        _ => CommandError.Timeout,
    };
}
