namespace Verb.Actors.Kernel;

/// <summary>Decides when and where ready actors run.</summary>
public interface IDispatcher
{
    /// <summary>Calls <see cref="IThreadPoolWorkItem.Execute"/> exactly once, soon, and not on the caller's stack. Any thread may call it.</summary>
    void Schedule(IThreadPoolWorkItem cell);

    /// <summary>An actor's turn begins on this thread; what it makes ready meanwhile may be held until <see cref="EndTurn"/>.</summary>
    void BeginTurn()
    {
    }

    /// <summary>The turn on this thread has ended.</summary>
    void EndTurn()
    {
    }
}
