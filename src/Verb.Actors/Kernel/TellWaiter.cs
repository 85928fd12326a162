namespace Verb.Actors.Kernel;

/// <summary>One who waits for room in a mailbox. While in the mailbox's list nothing has become of it yet.</summary>
internal sealed class TellWaiter<TMessage>(TMessage message)
    : TaskCompletionSource<TellResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _cancellation;

    public TMessage Message { get; } = message;

    /// <summary>Told once the waiter is in the list, where it may have been taken out again already.</summary>
    public void EndWith(CancellationTokenRegistration cancellation)
    {
        lock (_gate)
        {
            if (Task.IsCompleted)
                cancellation.Unregister();
            else
                _cancellation = cancellation;
        }
    }

    public void End(TellResult result)
    {
        lock (_gate)
        {
            TrySetResult(result);
            _cancellation.Unregister();
        }
    }
}
