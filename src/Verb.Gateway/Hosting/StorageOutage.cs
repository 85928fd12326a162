using Verb.Actors.Durability;

namespace Verb.Gateway.Hosting;

/// <summary>
/// Whether a store fails: until each kind of work that failed has been done since. A full disk still opens rooms and may take a small message
/// where a large one does not fit; none of that means that it works again. Safe for concurrent use.
/// </summary>
internal sealed class StorageOutage(TimeProvider clock)
{
    /// <summary>After so long without a failure a smaller write will do, for a large one may never come again.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    /// <summary>The largest work of each kind that failed, in bytes.</summary>
    private readonly Dictionary<StorageWork, long> _failing = [];
    private long _since;
    private long _lastFailure;
    private volatile bool _isOn;

    /// <summary>The store did not do it.</summary>
    public void OnFailed(StorageWork work, long bytes, StorageFault fault)
    {
        if (fault is StorageFault.Overloaded or StorageFault.Damaged)
            return; // What is too much passes by itself, and what is damaged does not pass.
        if (fault is StorageFault.Full or StorageFault.ReadOnly)
            (work, bytes) = (StorageWork.Write, Math.Max(bytes, 1)); // Whatever it was, it had to write.
        lock (_lock)
        {
            _lastFailure = clock.GetTimestamp();
            if (!_isOn)
                _since = _lastFailure;
            _isOn = true;
            _failing[work] = Math.Max(bytes, _failing.GetValueOrDefault(work));
        }
    }

    /// <summary>The store did it. How long it had failed, where this was the last that it had to do again; else null.</summary>
    public TimeSpan? OnDone(StorageWork work, long bytes)
    {
        if (!_isOn)
            return null;
        lock (_lock)
        {
            if (!_failing.TryGetValue(work, out var largest))
                return null;
            if (bytes >= largest || (bytes > 0 && clock.GetElapsedTime(_lastFailure) >= Calm))
                _failing.Remove(work);
            if (_failing.Count > 0)
                return null;
            _isOn = false;
            return clock.GetElapsedTime(_since);
        }
    }
}
