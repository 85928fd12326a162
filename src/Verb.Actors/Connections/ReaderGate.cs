namespace Verb.Actors.Connections;

/// <summary>
/// Where a connection's reader waits while the connection owes its client too much: closed and opened on the connection actor's turn,
/// waited on by the reader. TCP then holds the client back.
/// </summary>
internal sealed class ReaderGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _closed;

    /// <summary>Completes at once while the gate is open, otherwise when it opens.</summary>
    public ValueTask Wait(CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _closed is null ? ValueTask.CompletedTask : new ValueTask(_closed.Task.WaitAsync(cancellation));
        }
    }

    internal void Close()
    {
        lock (_lock)
        {
            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    internal void Open()
    {
        TaskCompletionSource? closed;
        lock (_lock)
        {
            closed = _closed;
            _closed = null;
        }

        closed?.TrySetResult();
    }
}
