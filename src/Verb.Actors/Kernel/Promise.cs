namespace Verb.Actors.Kernel;

/// <summary>One answer to come: a value, a refusal, the end of patience or a cancellation, whichever is first.</summary>
internal sealed class Promise<TReply>(string path) : IReplyTo<TReply>, IRefusable
{
    private readonly TaskCompletionSource<TReply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _cancellation;

    public Task<TReply> Task => _source.Task;

    public void Reply(TReply reply)
    {
        if (_source.TrySetResult(reply))
            Release();
    }

    public void Refuse(Refusal reason) => Fail(reason switch
    {
        Refusal.Busy => new ActorBusyException($"The mailbox of {path} is full."),
        _ => new ActorStoppedException($"{path} has stopped."),
    });

    public void EndAfter(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_source.Task.IsCompleted)
                return;
            _timer = clock.CreateTimer(
                _ => Fail(new TimeoutException($"{path} did not answer within {timeout}.")), null, timeout, Timeout.InfiniteTimeSpan);
            _cancellation = cancellation.UnsafeRegister((_, token) => Cancel(token), null);
        }

        // Whoever completed the promise in between found nothing to release.
        if (_source.Task.IsCompleted)
            Release();
    }

    private void Fail(Exception exception)
    {
        if (_source.TrySetException(exception))
            Release();
    }

    private void Cancel(CancellationToken token)
    {
        if (_source.TrySetCanceled(token))
            Release();
    }

    private void Release()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _cancellation.Unregister();
        }
    }
}
