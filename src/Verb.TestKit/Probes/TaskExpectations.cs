namespace Verb.TestKit.Probes;

/// <summary>Looks at tasks that must have completed by now, because the system has settled.</summary>
public static class TaskExpectations
{
    /// <summary>The result, or the task's own exception.</summary>
    /// <exception cref="ExpectationException">The task has not completed.</exception>
    public static T Now<T>(this Task<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : throw new ExpectationException("Expected the task to have completed by now.");

    /// <inheritdoc cref="Now{T}(Task{T})"/>
    public static T Now<T>(this ValueTask<T> task) => task.AsTask().Now();

    /// <summary>Nothing, or the task's own exception.</summary>
    /// <exception cref="ExpectationException">The task has not completed.</exception>
    public static void Now(this Task task)
    {
        if (!task.IsCompleted)
            throw new ExpectationException("Expected the task to have completed by now.");
        task.GetAwaiter().GetResult();
    }
}
