using System.Runtime.InteropServices;

namespace Verb.Storage.Files;

/// <summary>Directories that only this user may enter, and whose entries survive power loss once synced.</summary>
internal static partial class PrivateDirectory
{
    private const int ReadOnly = 0;

    /// <summary>EINVAL: the file system has no such thing for directories.</summary>
    private const int Unsupported = 22;

    /// <summary>Makes the directory and those above it where they are missing; one that exists keeps its mode.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path);
        if (parent is not null)
            Create(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (parent is not null)
            Sync(parent);
    }

    /// <summary>Makes what was created, renamed or removed in it survive power loss, where the system knows such a thing.</summary>
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = OpenDescriptor(path, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"The directory '{path}' cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        var failed = SyncDescriptor(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = CloseDescriptor(descriptor);
        if (failed && error != Unsupported)
            throw new IOException($"The directory '{path}' cannot be synced (error {error}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
