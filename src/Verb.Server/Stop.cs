using System.Runtime.InteropServices;
using Verb.Gateway.Hosting;

namespace Verb.Server;

/// <summary>The end of the server: it is asked for by a signal, and comes in time whatever requests are under way.</summary>
internal static class Stop
{
    /// <summary>How long requests may take that are not done when the hub is drained; then they are cut.</summary>
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// SIGHUP, of a terminal that is closed, is taken as SIGTERM is. It is never a second signal: shells and service managers send it beside
    /// another one.
    /// </summary>
    public static IDisposable OnHangUp(WebApplication app) => PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        signal.Cancel = true;
        app.Lifetime.StopApplication();
    });

    /// <summary>Waits until the server is asked to stop, and stops it.</summary>
    public static async Task WaitAsync(WebApplication app)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task;

        using var noMoreTime = new CancellationTokenSource();
        var stop = app.StopAsync(noMoreTime.Token);
        await Task.WhenAny(stop, app.Services.GetRequiredService<Drain>().Run(CancellationToken.None));
        noMoreTime.CancelAfter(RequestTime);
        await stop;
    }
}
