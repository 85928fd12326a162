using Verb.Actors.Durability;

namespace Verb.Gateway.Health;

/// <summary>Whether clients should be sent here, and if not, why. Safe for concurrent use.</summary>
/// <param name="isDraining">Whether the hub is closing its connections.</param>
/// <param name="hasLease">Whether the node may count itself in its cluster; a node that is alone always.</param>
/// <param name="touchStore">Does a small piece of work in the store; a <see cref="StorageException"/> says that it cannot.</param>
/// <param name="clock">The time.</param>
internal sealed class Readiness(Func<bool> isDraining, Func<bool> hasLease, Func<CancellationToken, ValueTask> touchStore, TimeProvider clock)
{
    public const string Starting = "starting";
    public const string StoreUnavailable = "store unavailable";
    public const string Draining = "draining";
    public const string NoLease = "lease lost";

    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    /// <summary>The store is not touched more often than this, however often somebody asks.</summary>
    private static readonly TimeSpan StoreInterval = TimeSpan.FromSeconds(1);

    private volatile bool _isReady;
    private volatile Tuple<long, bool>? _lastTouch;

    /// <summary>The server listens.</summary>
    public void Ready() => _isReady = true;

    /// <summary>Why the hub is not ready; null where it is.</summary>
    public async ValueTask<string?> Reason(CancellationToken cancellation)
    {
        if (isDraining())
            return Draining;
        if (!_isReady)
            return Starting;
        if (!hasLease())
            return NoLease;
        return await StoreWorks(cancellation) ? null : StoreUnavailable;
    }

    private async ValueTask<bool> StoreWorks(CancellationToken cancellation)
    {
        if (_lastTouch is { } last && clock.GetElapsedTime(last.Item1) < StoreInterval)
            return last.Item2;
        var works = await Touch(cancellation);
        _lastTouch = Tuple.Create(clock.GetTimestamp(), works);
        return works;
    }

    /// <summary>
    /// With a full disk the hub is ready: all but durable publishing goes on, and clients sent away would find no better node, for those of a
    /// cluster share the disk of their database.
    /// </summary>
    private async ValueTask<bool> Touch(CancellationToken cancellation)
    {
        try
        {
            await touchStore(cancellation).AsTask().WaitAsync(StorePatience, clock, cancellation);
            return true;
        }
        catch (StorageException full) when (full.Fault == StorageFault.Full)
        {
            return true;
        }
        catch (Exception e) when (e is StorageException or TimeoutException)
        {
            return false;
        }
    }
}
