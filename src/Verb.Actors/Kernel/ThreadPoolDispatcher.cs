namespace Verb.Actors.Kernel;

/// <summary>Runs actors on the thread pool, fairly: whoever was ready first runs first.</summary>
public sealed class ThreadPoolDispatcher : IDispatcher
{
    /// <summary>The only one needed.</summary>
    public static ThreadPoolDispatcher Instance { get; } = new();

    /// <inheritdoc/>
    public void Schedule(IThreadPoolWorkItem cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
}
