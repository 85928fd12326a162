using System.Runtime.InteropServices;

namespace Verb.Server;

/// <summary>The first SIGTERM, SIGINT or SIGQUIT drains the server; a second one ends it at once.</summary>
internal sealed class SecondSignal : IDisposable
{
    private const int ExitCode = 130;

    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public SecondSignal() =>
        _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(ExitCode);
    }
}
