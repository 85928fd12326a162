namespace Verb.Cluster.Links;

/// <summary>Tasks that are under way, so that their end can be awaited.</summary>
internal sealed class RunningTasks
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _running.Count;
        }
    }

    /// <summary>Remembers a task until it ends; it does not fail.</summary>
    public void Add(Task task)
    {
        lock (_lock)
            _running.Add(task);
        task.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits until none is left, those added meanwhile included.</summary>
    public async Task Ended()
    {
        while (Snapshot() is { Length: > 0 } running)
            await Task.WhenAll(running);
    }

    private void Remove(Task task)
    {
        lock (_lock)
            _running.Remove(task);
    }

    private Task[] Snapshot()
    {
        lock (_lock)
            return [.. _running];
    }
}
