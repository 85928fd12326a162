namespace Verb.Actors.Tests.Rooms;

/// <summary>What a scripted store does with a write.</summary>
internal enum AppendFault
{
    None,
    Overloaded,
    FenceLost,

    /// <summary>Fails, and nothing is stored.</summary>
    FailsUnstored,

    /// <summary>Fails, and yet it is stored.</summary>
    FailsStored,

    /// <summary>Fails before there is anything to wait for.</summary>
    ThrowsAtOnce,
}
