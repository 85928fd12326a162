namespace Verb.Actors.Kernel;

/// <summary>What to do with an actor that failed. The message it failed on is gone in every case.</summary>
public enum Directive
{
    /// <summary>Go on with the next message and the same instance; an actor whose start failed is restarted instead.</summary>
    Resume,

    /// <summary>Stop its children, then go on with a fresh instance and the same mailbox and address.</summary>
    Restart,

    /// <summary>End it.</summary>
    Stop,

    /// <summary>Let its parent fail with the same exception; at the top it means <see cref="Stop"/>.</summary>
    Escalate,
}
