namespace Verb.Actors.Connections;

/// <summary>
/// Where a connection's reader waits: while the connection owes its client too much, and while it has not taken what was read before. Moved on the
/// connection actor's turn, waited on by the reader; TCP then holds the client back.
/// </summary>
internal sealed class ReaderGate
{
    /// <summary>How many batches of the reader may be with the actor: one it works on, and one more.</summary>
    private const int Credits = 2;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _closed;
    private TaskCompletionSource? _spent;
    private int _credits = Credits;
    private bool _hasEnded;

    /// <summary>Completes at once while the gate is open, otherwise when it opens.</summary>
    public ValueTask Wait(CancellationToken cancellation)
    {
        lock (_lock)
            return _closed is null ? ValueTask.CompletedTask : new ValueTask(_closed.Task.WaitAsync(cancellation));
    }

    /// <summary>Before a batch is told: completes once the actor has taken enough of what was told before. One reader waits at a time.</summary>
    public ValueTask Take()
    {
        lock (_lock)
        {
            if (_hasEnded)
                return ValueTask.CompletedTask;
            if (_credits == 0)
                return new ValueTask((_spent = NewWait()).Task);
            _credits--;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>The actor has taken a batch.</summary>
    internal void GiveBack()
    {
        TaskCompletionSource? spent;
        lock (_lock)
        {
            spent = _spent;
            _spent = null;
            if (spent is null)
                _credits++;
        }

        spent?.TrySetResult();
    }

    internal void Close()
    {
        lock (_lock)
        {
            if (!_hasEnded)
                _closed ??= NewWait();
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

    /// <summary>The connection has ended: nobody waits here any more.</summary>
    internal void End()
    {
        TaskCompletionSource? spent;
        lock (_lock)
        {
            _hasEnded = true;
            spent = _spent;
            _spent = null;
        }

        spent?.TrySetResult();
        Open();
    }

    private static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
