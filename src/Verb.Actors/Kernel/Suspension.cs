using System.Runtime.CompilerServices;

namespace Verb.Actors.Kernel;

/// <summary>Holds a cell until the task its actor returned completes. Then the dispatcher runs the cell; the completing thread does not.</summary>
internal sealed class Suspension
{
    private readonly Action _continue;
    private ValueTaskAwaiter _awaiter;
    private Step _step;

    public Suspension(ActorCell cell) => _continue = () => cell.System.Dispatcher.Schedule(cell);

    /// <summary>The cell may run on another thread before this returns: its turn is over.</summary>
    public void Begin(ValueTask task, Step step)
    {
        _step = step;
        _awaiter = task.GetAwaiter();
        _awaiter.UnsafeOnCompleted(_continue);
    }

    /// <summary>What was suspended, if anything was, and how it went.</summary>
    public Step End(out Exception? failure)
    {
        failure = null;
        var step = _step;
        if (step == Step.None)
            return step;
        _step = Step.None;
        try
        {
            _awaiter.GetResult();
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _awaiter = default;
        return step;
    }
}
