namespace Verb.Actors.Kernel;

/// <summary>What became of a message.</summary>
public enum TellResult
{
    /// <summary>In the mailbox.</summary>
    Accepted,

    /// <summary>The mailbox holds as many messages as it may.</summary>
    Full,

    /// <summary>The actor has stopped, is stopping or has passivated.</summary>
    Stopped,
}
