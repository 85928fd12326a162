namespace Verb.Actors.Timing;

/// <summary>Timers by due time, equal ones in the order they were added. Each knows its place, so any of them can be removed at once.</summary>
internal sealed class TimerHeap
{
    private readonly List<SweptTimer> _timers = [];
    private long _added;

    public int Count => _timers.Count;

    public SweptTimer? Earliest => _timers.Count > 0 ? _timers[0] : null;

    public void Add(SweptTimer timer, TimeSpan due)
    {
        timer.Due = due;
        timer.Order = _added++;
        _timers.Add(timer);
        Rise(timer, _timers.Count - 1);
    }

    /// <summary>Does nothing where the timer is not in the heap.</summary>
    public void Remove(SweptTimer timer)
    {
        var index = timer.HeapIndex;
        if (index < 0)
            return;
        timer.HeapIndex = -1;
        var last = _timers[^1];
        _timers.RemoveAt(_timers.Count - 1);
        if (ReferenceEquals(last, timer))
            return;
        Rise(last, index);
        Sink(last, last.HeapIndex);
    }

    private static bool Before(SweptTimer a, SweptTimer b) => a.Due != b.Due ? a.Due < b.Due : a.Order < b.Order;

    private void Place(SweptTimer timer, int index)
    {
        _timers[index] = timer;
        timer.HeapIndex = index;
    }

    private void Rise(SweptTimer timer, int index)
    {
        while (index > 0 && Before(timer, _timers[(index - 1) / 2]))
        {
            Place(_timers[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        Place(timer, index);
    }

    private void Sink(SweptTimer timer, int index)
    {
        while (2 * index + 1 < _timers.Count)
        {
            var child = 2 * index + 1;
            if (child + 1 < _timers.Count && Before(_timers[child + 1], _timers[child]))
                child++;
            if (!Before(_timers[child], timer))
                break;
            Place(_timers[child], index);
            index = child;
        }

        Place(timer, index);
    }
}
