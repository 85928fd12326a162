namespace Verb.Actors.Kernel;

/// <summary>An ask found the actor stopped, or it stopped before it took the message.</summary>
public sealed class ActorStoppedException : Exception
{
    /// <summary>Without details.</summary>
    public ActorStoppedException()
        : this("The actor has stopped.")
    {
    }

    /// <summary>With a message.</summary>
    public ActorStoppedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ActorStoppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
