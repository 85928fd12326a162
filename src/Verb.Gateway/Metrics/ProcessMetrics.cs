using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Verb.Gateway.Metrics;

/// <summary>The process: what the operating system has given it.</summary>
internal sealed class ProcessMetrics
{
    public ProcessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableUpDownCounter("verb.process.handles", OpenHandles.Count, "{handle}", "Files and sockets the process holds open.");
        meter.CreateObservableUpDownCounter("verb.process.threads", () => Of(process => process.Threads.Count), "{thread}", "Threads of the process.");
        meter.CreateObservableUpDownCounter("verb.process.memory", () => Of(process => process.WorkingSet64), "By", "Memory of the process that is in RAM.");
    }

    private static long Of(Func<Process, long> figure)
    {
        using var process = Process.GetCurrentProcess();
        return figure(process);
    }
}
