using Verb.Contracts;

namespace Verb.Actors.Nodes;

/// <summary>An answer to come: what was replied, <c>TIMEOUT</c> where nothing came in time, or a cancellation, whichever is first.</summary>
internal sealed class AnswerPromise : IReplyTo<Answer>
{
    private readonly TaskCompletionSource<Answer> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private CancellationTokenRegistration _cancellation;

    public Task<Answer> Task => _source.Task;

    public void Reply(Answer reply)
    {
        if (_source.TrySetResult(reply))
            Release();
    }

    public void EndAfter(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        _cancellation = cancellation.UnsafeRegister((_, token) => _source.TrySetCanceled(token), null);
        _timer = clock.CreateTimer(_ => Reply(Answer.Refused(CommandError.Timeout)), null, timeout, Timeout.InfiniteTimeSpan);

        // Whoever completed the promise in between found nothing to release.
        if (_source.Task.IsCompleted)
            Release();
    }

    private void Release()
    {
        _timer?.Dispose();
        _cancellation.Unregister();
    }
}
