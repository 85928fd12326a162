namespace Verb.Actors.Kernel;

/// <summary>Decides when and where ready actors run.</summary>
public interface IDispatcher
{
    /// <summary>Calls <see cref="IThreadPoolWorkItem.Execute"/> exactly once, soon, and not on the caller's stack. Any thread may call it.</summary>
    void Schedule(IThreadPoolWorkItem cell);
}
