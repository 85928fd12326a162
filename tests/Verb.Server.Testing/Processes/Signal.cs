namespace Verb.Server.Testing.Processes;

/// <summary>Signals as Linux and macOS number them.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
