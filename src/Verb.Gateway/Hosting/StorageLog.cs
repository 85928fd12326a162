using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Verb.Actors.Durability;

namespace Verb.Gateway.Hosting;

/// <summary>Tells the operator when a store fails: the actors answer their clients and go on. Each kind of failure at most every ten seconds.</summary>
internal sealed partial class StorageLog(ILogger log, TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<StorageFault, long> _told = new();

    /// <summary>Passes on what a call to the store gives, and logs its failure.</summary>
    public async ValueTask<T> Watch<T>(ValueTask<T> call)
    {
        try
        {
            return await call;
        }
        catch (StorageException failure)
        {
            Tell(failure);
            throw;
        }
    }

    private void Tell(StorageException failure)
    {
        var now = clock.GetTimestamp();
        if (_told.TryGetValue(failure.Fault, out var last) && clock.GetElapsedTime(last, now) < Silence)
            return;
        _told[failure.Fault] = now;
        LogFailed(log, failure.Fault, failure.Message);
    }

    [LoggerMessage(1601, LogLevel.Error, "The store failed ({Fault}): {Reason}")]
    private static partial void LogFailed(ILogger log, StorageFault fault, string reason);
}
