using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Verb.Server.Testing.Processes;

/// <summary>Sends signals to one process, by its id.</summary>
internal static class Signals
{
    public static void Send(this Process process, Signal signal)
    {
        if (Kill(process.Id, (int)signal) != 0)
            throw new InvalidOperationException($"kill({process.Id}, {signal}) failed with {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
