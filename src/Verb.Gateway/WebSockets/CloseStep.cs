namespace Verb.Gateway.WebSockets;

/// <summary>What is to be done with a closing connection.</summary>
internal enum CloseStep
{
    None,

    /// <summary>Say that nothing more will be sent.</summary>
    HalfClose,

    /// <summary>Cut it.</summary>
    Abort,
}
