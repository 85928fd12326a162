using Verb.Actors.Durability;

namespace Verb.Gateway.Hosting;

/// <summary>What the store did for this node. Safe for concurrent use.</summary>
internal sealed class StoreCounters
{
    private readonly long[] _failures = new long[Enum.GetValues<StorageFault>().Length];
    private long _writesBegun;
    private long _writesEnded;
    private long _writeTicks;

    /// <summary>Writes that are done, well or not.</summary>
    public long Writes => Interlocked.Read(ref _writesEnded);

    /// <summary>Writes that wait for their commit.</summary>
    public long Waiting => Interlocked.Read(ref _writesBegun) - Writes;

    /// <summary>The time from each write to its commit, summed up.</summary>
    public TimeSpan WriteTime => new(Interlocked.Read(ref _writeTicks));

    /// <summary>How many calls failed in this way.</summary>
    public long Failures(StorageFault fault) => Interlocked.Read(ref _failures[(int)fault]);

    public void OnWrite() => Interlocked.Increment(ref _writesBegun);

    public void OnWritten(TimeSpan took)
    {
        Interlocked.Add(ref _writeTicks, took.Ticks);
        Interlocked.Increment(ref _writesEnded);
    }

    public void OnFailed(StorageFault fault) => Interlocked.Increment(ref _failures[(int)fault]);
}
