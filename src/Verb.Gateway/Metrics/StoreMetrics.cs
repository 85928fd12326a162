using System.Diagnostics.Metrics;
using Verb.Actors.Durability;
using Verb.Gateway.Hosting;

namespace Verb.Gateway.Metrics;

/// <summary>The store as this node sees it: what failed, how long commits take, what waits for one.</summary>
internal sealed class StoreMetrics
{
    private static readonly (StorageFault Fault, string Name)[] Faults =
        [.. Enum.GetValues<StorageFault>().Select(fault => (fault, fault.ToString().ToLowerInvariant()))];

    public StoreMetrics(IMeterFactory meters, StoreCounters store)
    {
        var meter = meters.Create(HubMeter.Name);
        meter.CreateObservableCounter(
            "verb.store.failures",
            () => Faults.Select(f => new Measurement<long>(store.Failures(f.Fault), new KeyValuePair<string, object?>("fault", f.Name))),
            "{call}",
            "Calls to the store that failed, by kind of failure.");
        meter.CreateObservableCounter("verb.store.writes", () => store.Writes, "{write}", "Writes that the store has done or refused.");
        meter.CreateObservableCounter(
            "verb.store.write.time", () => store.WriteTime.TotalSeconds, "s", "Time from each write to its commit, summed up: divided by the writes, what a commit takes.");
        meter.CreateObservableUpDownCounter("verb.store.writes.waiting", () => store.Waiting, "{write}", "Writes that wait for their commit.");
    }
}
