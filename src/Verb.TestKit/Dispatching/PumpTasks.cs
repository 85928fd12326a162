namespace Verb.TestKit.Dispatching;

/// <summary>Brings actors and the continuations of awaits to a pump, whoever made them ready.</summary>
internal sealed class PumpTasks(IPump pump) : TaskScheduler
{
    private bool _isNow;

    /// <summary>Makes a piece of work ready.</summary>
    public void Post(Action<object?> action, object? state) => new Task(action, state).Start(this);

    /// <summary>Runs a task that was made ready.</summary>
    public void Execute(Task task) => TryExecuteTask(task);

    /// <summary>Runs code at once as the pump runs it: what it awaits comes back to the pump.</summary>
    public T Now<T>(Func<T> code)
    {
        var task = new Task<T>(code);
        _isNow = true;
        task.RunSynchronously(this);
        return task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => pump.Ready(task);

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        if (!_isNow)
            return false; // A continuation is a piece of work of its own.
        _isNow = false;
        return TryExecuteTask(task);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
