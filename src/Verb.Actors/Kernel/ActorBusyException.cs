namespace Verb.Actors.Kernel;

/// <summary>An ask found the actor's mailbox full.</summary>
public sealed class ActorBusyException : Exception
{
    /// <summary>Without details.</summary>
    public ActorBusyException()
        : this("The actor's mailbox is full.")
    {
    }

    /// <summary>With a message.</summary>
    public ActorBusyException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ActorBusyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
