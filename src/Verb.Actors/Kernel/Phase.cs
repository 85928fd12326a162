namespace Verb.Actors.Kernel;

/// <summary>Where an actor is in its life.</summary>
internal enum Phase : byte
{
    /// <summary>An instance is to be made and started.</summary>
    Starting,

    /// <summary>Handles messages.</summary>
    Running,

    /// <summary>Failed and waits for what its parent's parent decides.</summary>
    Escalated,

    /// <summary>Waits for its children to end, then goes on to <see cref="Starting"/>.</summary>
    Restarting,

    /// <summary>Waits for its children to end, then ends.</summary>
    Stopping,

    /// <summary>Nothing runs any more.</summary>
    Ended,
}
