using System.Diagnostics;

namespace Verb.Gateway.Metrics;

/// <summary>Files and sockets that the process holds open.</summary>
internal static class OpenHandles
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>On Linux the descriptors themselves; elsewhere what the system calls handles.</summary>
    public static long Count()
    {
        if (Directory.Exists(Descriptors))
            return Directory.EnumerateFileSystemEntries(Descriptors).LongCount();
        using var process = Process.GetCurrentProcess();
        return process.HandleCount;
    }
}
