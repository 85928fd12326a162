using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;

namespace Verb.Gateway.Hosting;

/// <summary>
/// Tells the operator when a store fails, when it works again, and when it refuses what this node may not write: the actors answer their clients
/// and go on. Each kind at most every ten seconds.
/// </summary>
internal sealed partial class StorageLog(ILogger log, TimeProvider clock)
{
    private const string LostFence = "lost fence";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _told = new();
    private readonly StorageOutage _outage = new(clock);

    /// <summary>What the store did.</summary>
    public StoreCounters Counters { get; } = new();

    /// <summary>Passes on what a call to the store gives, and logs its failure.</summary>
    /// <param name="work">What kind of work it is: that the store works again is told once it has done what it failed to do.</param>
    /// <param name="call">The call.</param>
    public async ValueTask<T> Watch<T>(StorageWork work, ValueTask<T> call)
    {
        var result = await OrTell(work, 0, call);
        OnDone(work, 0);
        return result;
    }

    /// <summary>Passes on what became of a write, and logs its failure and its refusal.</summary>
    /// <param name="bytes">About how much it writes: a full disk may take less, and still be full.</param>
    /// <param name="fence">The right to write.</param>
    /// <param name="write">The write.</param>
    public async ValueTask<AppendResult> Watch(long bytes, Fence fence, ValueTask<AppendResult> write)
    {
        var began = clock.GetTimestamp();
        Counters.OnWrite();
        try
        {
            var result = await OrTell(StorageWork.Write, bytes, write);
            if (result == AppendResult.FenceLost)
                TellLost(fence);
            else if (result == AppendResult.Committed)
                OnDone(StorageWork.Write, bytes);
            return result;
        }
        finally
        {
            Counters.OnWritten(clock.GetElapsedTime(began));
        }
    }

    /// <summary>Passes on what was opened, which is null where the fence was lost.</summary>
    public async ValueTask<T?> Watch<T>(Fence fence, ValueTask<T?> open)
        where T : class
    {
        var record = await OrTell(StorageWork.Open, 0, open);
        if (record is null)
            TellLost(fence);
        else
            OnDone(StorageWork.Open, 0);
        return record;
    }

    private async ValueTask<T> OrTell<T>(StorageWork work, long bytes, ValueTask<T> call)
    {
        try
        {
            return await call;
        }
        catch (StorageException failure)
        {
            Counters.OnFailed(failure.Fault);
            _outage.OnFailed(work, bytes, failure.Fault);
            if (IsTimeTo($"{failure.Fault}"))
                LogFailed(log, failure.Fault, failure.Message);
            throw;
        }
    }

    private void OnDone(StorageWork work, long bytes)
    {
        if (_outage.OnDone(work, bytes) is not { } took)
            return;
        LogWorks(log, took.TotalSeconds);
        _told.Clear(); // The next failure is news.
    }

    private void TellLost(Fence fence)
    {
        if (IsTimeTo(LostFence))
            LogLost(log, fence.Shard, fence.Term);
    }

    private bool IsTimeTo(string tell)
    {
        var now = clock.GetTimestamp();
        if (_told.TryGetValue(tell, out var last) && clock.GetElapsedTime(last, now) < Silence)
            return false;
        _told[tell] = now;
        return true;
    }

    [LoggerMessage(1601, LogLevel.Error, "The store failed ({Fault}): {Reason}")]
    private static partial void LogFailed(ILogger log, StorageFault fault, string reason);

    [LoggerMessage(1602, LogLevel.Warning,
        "The store refused this node: shard {Shard} has had another owner since term {Term}. A cluster goes on by itself; a hub that is alone has lost its database to another that was started on it")]
    private static partial void LogLost(ILogger log, int shard, long term);

    [LoggerMessage(1603, LogLevel.Information, "The store works again, {Seconds:0.0} s after it failed first")]
    private static partial void LogWorks(ILogger log, double seconds);
}
