using System.Globalization;

namespace Verb.Server.Testing.Processes;

/// <summary>What the operating system counts of a process (Linux).</summary>
internal static class ProcessUsage
{
    public static int Handles(int process) => Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;

    public static int Threads(int process) => Number(process, "Threads:");

    /// <summary>Resident memory, in KiB.</summary>
    public static int ResidentKib(int process) => Number(process, "VmRSS:");

    /// <summary>The most memory that was ever resident, in KiB.</summary>
    public static int PeakResidentKib(int process) => Number(process, "VmHWM:");

    private static int Number(int process, string name) => int.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
