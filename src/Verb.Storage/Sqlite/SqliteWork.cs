namespace Verb.Storage.Sqlite;

/// <summary>Something a connection's thread is to do, and the caller who waits for it.</summary>
internal abstract class SqliteWork(long bytes)
{
    /// <summary>What it holds of the queue's bytes.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Does it, unless the caller gave up. A refusal stays with the work; a failure of the database is thrown.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Gives the caller what came out. Called once, after the commit where there is one.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller why nothing came out.</summary>
    public abstract void Fail(Exception cause);
}

/// <inheritdoc/>
internal sealed class SqliteWork<T>(Func<SqliteSession, T> work, long bytes, CancellationToken cancellation) : SqliteWork(bytes)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private InvalidOperationException? _refusal;
    private bool _cancelled;

    public Task<T> Task => cancellation.CanBeCanceled ? _completion.Task.WaitAsync(cancellation) : _completion.Task;

    public override void Run(SqliteSession session)
    {
        _cancelled = cancellation.IsCancellationRequested;
        if (_cancelled)
            return;
        try
        {
            _result = work(session);
        }
        catch (InvalidOperationException refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_cancelled)
            _completion.SetCanceled(cancellation);
        else if (_refusal is not null)
            _completion.SetException(_refusal);
        else
            _completion.SetResult(_result!);
    }

    public override void Fail(Exception cause)
    {
        _completion.SetException(cause);
        _ = _completion.Task.Exception;
    }
}
