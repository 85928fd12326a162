namespace Verb.Cluster.Tests.Links;

/// <summary>A list that grows on other threads, and that can be awaited.</summary>
internal sealed class Watched<T>
{
    /// <summary>Far longer than anything takes on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<T> _items = [];
    private readonly List<(Func<IReadOnlyList<T>, bool> Condition, TaskCompletionSource Reached)> _waiting = [];

    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_lock)
                return [.. _items];
        }
    }

    public void Add(T item)
    {
        lock (_lock)
        {
            _items.Add(item);
            foreach (var (_, reached) in _waiting.Where(waiting => waiting.Condition(_items)))
                reached.TrySetResult();
            _waiting.RemoveAll(waiting => waiting.Reached.Task.IsCompleted);
        }
    }

    /// <summary>Waits until the list is as it should be.</summary>
    public async Task Until(Func<IReadOnlyList<T>, bool> condition)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(_items))
                return;
            _waiting.Add((condition, reached));
        }

        try
        {
            await reached.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not reached; there is: {string.Join("\n", Items.TakeLast(20))}");
        }
    }

    public Task Until(T item) => Until(items => items.Contains(item));
}
