using System.Diagnostics;
using System.Globalization;

namespace Verb.Server.Testing.Load;

/// <summary>Tells in one line how a crowd came back.</summary>
internal static class ComeBackFigures
{
    /// <param name="comeBacks">Everyone who came back; at least one.</param>
    /// <param name="since">When they were lost, as the stopwatch counts.</param>
    public static string Of(IReadOnlyList<ComeBack> comeBacks, long since)
    {
        var all = comeBacks.Select(comeBack => Stopwatch.GetElapsedTime(since, comeBack.InAt)).Order().ToList();
        var recovery = comeBacks.Select(comeBack => Stopwatch.GetElapsedTime(comeBack.AdmittedAt, comeBack.InAt)).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"{all.Count} came back, half of them after {Middle(all).TotalSeconds:F2} s, all after {all[^1].TotalSeconds:F2} s; "
            + $"from handshake to recovered p50 {Middle(recovery).TotalMilliseconds:F0} ms, p99 {recovery[recovery.Count * 99 / 100].TotalMilliseconds:F0} ms, max {recovery[^1].TotalMilliseconds:F0} ms");
    }

    private static TimeSpan Middle(List<TimeSpan> sorted) => sorted[sorted.Count / 2];
}
