namespace Verb.TestKit.Worlds;

/// <summary>What a step is.</summary>
internal enum WorkKind : byte
{
    /// <summary>A mailbox's run, or what a dispatcher was given to run.</summary>
    Runnable,

    /// <summary>A task, mostly what an await goes on with.</summary>
    Task,

    /// <summary>Code among the actors.</summary>
    Action,

    /// <summary>Code outside of them: from here on, what runs neutral.</summary>
    Neutral,

    /// <summary>A timer that is due.</summary>
    Timer,
}
