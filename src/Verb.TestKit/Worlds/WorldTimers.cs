namespace Verb.TestKit.Worlds;

/// <summary>The timers of a world, by time; those of the same time in the order in which they were set.</summary>
internal sealed class WorldTimers
{
    private const int LeastSweep = 1024;

    private readonly PriorityQueue<WorldTimer, (long Due, ulong Order)> _timers = new();
    private ulong _order;
    private int _sweepAt = LeastSweep;

    /// <summary>Due times are rounded up to a multiple of so many ticks.</summary>
    public long Grain { get; set; } = 1;

    /// <summary>How many are set.</summary>
    public int Count
    {
        get
        {
            Sweep();
            return _timers.Count;
        }
    }

    /// <summary>When the next is due; null where none is set.</summary>
    public long? Next
    {
        get
        {
            while (_timers.TryPeek(out var timer, out var at))
            {
                if (!timer.IsDead)
                    return at.Due;
                _timers.Dequeue();
            }

            return null;
        }
    }

    public void Add(WorldTimer timer, long due)
    {
        // Cancelled ones stay until they are due; without this a timeout set anew with each message would pile up.
        if (_timers.Count >= _sweepAt)
            Sweep();
        timer.Due = due;
        timer.Key = ++_order * World.Golden;
        _timers.Enqueue(timer, ((due + Grain - 1) / Grain * Grain, _order));
    }

    public bool TryTake(long now, out WorldTimer timer)
    {
        timer = null!;
        return Next <= now && _timers.TryDequeue(out timer!, out _);
    }

    private void Sweep()
    {
        var live = _timers.UnorderedItems.Where(item => !item.Element.IsDead).ToArray();
        _timers.Clear();
        _timers.EnqueueRange(live);
        _sweepAt = Math.Max(LeastSweep, 2 * live.Length);
    }
}
