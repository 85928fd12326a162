namespace Verb.Actors.Nodes;

/// <summary>One answer to come, or the end of patience, whichever is first.</summary>
internal sealed class Promise<TReply> : IReplyTo<TReply>
    where TReply : class
{
    private readonly TaskCompletionSource<TReply?> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public void Reply(TReply reply) => _source.TrySetResult(reply);

    /// <summary>The answer; null where none came in time.</summary>
    public async Task<TReply?> Within(TimeSpan timeout, TimeProvider clock)
    {
        await using var patience = clock.CreateTimer(_ => _source.TrySetResult(null), null, timeout, Timeout.InfiniteTimeSpan);
        return await _source.Task;
    }
}
