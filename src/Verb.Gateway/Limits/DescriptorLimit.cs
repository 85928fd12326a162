using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Verb.Gateway.Limits;

/// <summary>How many files and sockets the process may hold open, and whether that is enough.</summary>
internal static partial class DescriptorLimit
{
    /// <summary>What the process needs beside its connections at any moment: to start a thread, to load code, to take a file.</summary>
    public const int Reserve = 64;

    private const string Limits = "/proc/self/limits";
    private const string Row = "Max open files";

    /// <summary>What the operating system allows; null where it does not say (Linux does), or where there is no limit.</summary>
    public static long? Read() => File.Exists(Limits) ? Parse(File.ReadLines(Limits)) : null;

    /// <summary>Finds the soft limit, which holds, in the rows of <c>/proc/self/limits</c>.</summary>
    internal static long? Parse(IEnumerable<string> rows) =>
        rows.FirstOrDefault(row => row.StartsWith(Row, StringComparison.Ordinal)) is { } row
        && row[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;

    /// <summary>Warns where the connections that are allowed do not fit beside what is open already.</summary>
    /// <param name="limit">What the operating system allows; null: no limit.</param>
    /// <param name="open">What the process has open before the first connection.</param>
    /// <param name="connections"><c>Verb:Limits:Connections</c>; 0 is unlimited, and promises nothing.</param>
    /// <param name="log">Hears of it.</param>
    public static void Check(long? limit, long open, int connections, ILogger log)
    {
        var needed = open + connections + Reserve;
        if (connections > 0 && limit < needed)
            LogTooLow(log, limit.Value, connections, needed);
    }

    [LoggerMessage(1901, LogLevel.Warning,
        "The process may have {Limit} files and sockets open (ulimit -n); Verb:Limits:Connections = {Connections} needs {Needed}")]
    private static partial void LogTooLow(ILogger log, long limit, int connections, long needed);
}
