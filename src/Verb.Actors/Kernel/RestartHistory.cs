namespace Verb.Actors.Kernel;

/// <summary>When an actor was restarted, as far back as its supervisor cares.</summary>
internal sealed class RestartHistory
{
    private readonly Queue<long> _restarts = new();

    /// <summary>Records one more restart if it is within the limit.</summary>
    public bool Allows(SupervisorStrategy strategy, TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        while (_restarts.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) > strategy.Within)
            _restarts.Dequeue();
        if (_restarts.Count >= strategy.MaxRestarts)
            return false;
        _restarts.Enqueue(now);
        return true;
    }
}
