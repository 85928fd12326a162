using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;

namespace Verb.Storage.Postgres;

/// <summary>
/// Makes one statement that does all these works, each of another room or user. It gives one row a work: its place from 1, whether its fence
/// holds, whether it was done, and where not the last number that stands there (null: none).
/// </summary>
internal delegate NpgsqlBatchCommand PostgresStatement(IReadOnlyList<PostgresWork> works);

/// <summary>A write that waits for its turn, and the caller who waits for it.</summary>
internal abstract class PostgresWork(string key, Fence fence, long bytes, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<AppendResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AppendResult _result;
    private InvalidOperationException? _refusal;

    /// <summary>The room or user: works of one are done in the order they came.</summary>
    public string Key { get; } = key;

    public Fence Fence { get; } = fence;

    /// <summary>What it holds of the queue's bytes.</summary>
    public long Bytes { get; } = bytes;

    public Task<AppendResult> Task => cancellation.CanBeCanceled ? _completion.Task.WaitAsync(cancellation) : _completion.Task;

    /// <summary>How it is done, together with others of its kind.</summary>
    public abstract PostgresStatement Statement { get; }

    /// <summary>Whether the caller gave up before it began.</summary>
    public bool IsWithdrawn()
    {
        if (!cancellation.IsCancellationRequested)
            return false;
        _completion.TrySetCanceled(cancellation);
        return true;
    }

    /// <summary>Takes the statement's row; it counts once <see cref="Complete"/> says so.</summary>
    public void Note(bool fenced, bool done, long? lastSeq)
    {
        _result = fenced ? AppendResult.Committed : AppendResult.FenceLost;
        _refusal = fenced && !done ? Refusal(lastSeq) : null;
    }

    /// <summary>Gives the caller what came out. Called once, after the commit.</summary>
    public void Complete()
    {
        if (_refusal is not null)
            _completion.TrySetException(_refusal);
        else
            _completion.TrySetResult(_result);
    }

    /// <summary>Tells the caller why nothing came out.</summary>
    public void Fail(Exception cause)
    {
        _completion.TrySetException(cause);
        _ = _completion.Task.Exception;
    }

    /// <summary>What is wrong with it, where its fence holds and it was not done all the same.</summary>
    protected abstract InvalidOperationException Refusal(long? lastSeq);
}
