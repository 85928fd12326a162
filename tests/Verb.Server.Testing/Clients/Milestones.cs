namespace Verb.Server.Testing.Clients;

/// <summary>Counts what many clients do, and tells when a count is reached.</summary>
internal sealed class Milestones
{
    private readonly Lock _lock = new();
    private readonly List<(int At, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public void Add()
    {
        lock (_lock)
        {
            _count++;
            _waiting.RemoveAll(milestone => milestone.At <= _count && milestone.Reached.TrySetResult());
        }
    }

    public Task Reached(int count)
    {
        lock (_lock)
        {
            if (_count >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task;
        }
    }
}
