using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;

namespace Verb.Gateway.Hosting;

/// <summary>
/// Tells the operator when a store fails, or refuses what this node may not write: the actors answer their clients and go on. Each kind at most
/// every ten seconds.
/// </summary>
internal sealed partial class StorageLog(ILogger log, TimeProvider clock)
{
    private const string LostFence = "lost fence";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _told = new();

    /// <summary>Passes on what a call to the store gives, and logs its failure.</summary>
    public async ValueTask<T> Watch<T>(ValueTask<T> call)
    {
        try
        {
            return await call;
        }
        catch (StorageException failure)
        {
            if (IsTimeTo($"{failure.Fault}"))
                LogFailed(log, failure.Fault, failure.Message);
            throw;
        }
    }

    /// <summary>Passes on what became of a write, and logs its failure and its refusal.</summary>
    public async ValueTask<AppendResult> Watch(Fence fence, ValueTask<AppendResult> write)
    {
        var result = await Watch(write);
        if (result == AppendResult.FenceLost)
            TellLost(fence);
        return result;
    }

    /// <summary>Passes on what was opened, which is null where the fence was lost.</summary>
    public async ValueTask<T?> Watch<T>(Fence fence, ValueTask<T?> open)
        where T : class
    {
        var record = await Watch(open);
        if (record is null)
            TellLost(fence);
        return record;
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
}
