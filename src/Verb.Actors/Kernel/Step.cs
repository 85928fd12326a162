namespace Verb.Actors.Kernel;

/// <summary>What of the actor's code is running, so that the cell knows how to go on after it.</summary>
internal enum Step : byte
{
    None,
    Start,
    Receive,
    BatchEnd,
    Stop,
}
