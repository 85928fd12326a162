using Microsoft.Extensions.Logging;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Hosting;

/// <summary>
/// Empties the node: tells every client that the server stops, leaves them a while, then closes them with 1001 in paced batches. Runs once,
/// however often it is asked for.
/// </summary>
internal sealed partial class Drain(ConnectionDirectory connections, DrainOptions options, TimeProvider clock, ILogger<Drain> log)
{
    /// <summary>How often a batch is closed.</summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long closed connections may take to say good-bye.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task? _running;

    /// <summary>Whether the node takes no new connections any more.</summary>
    public bool HasBegun => Volatile.Read(ref _running) is not null;

    /// <summary>How long it takes at most, with <paramref name="connectionCount"/> connections.</summary>
    public static TimeSpan Longest(DrainOptions options, int connectionCount) =>
        options.Grace + FarewellTime + (options.ClosesPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)connectionCount / options.ClosesPerSecond));

    /// <summary>Drains, or waits for the drain that has begun.</summary>
    public Task Run(CancellationToken cancellation)
    {
        lock (_lock)
        {
            return _running ??= DrainAll(cancellation);
        }
    }

    private async Task DrainAll(CancellationToken cancellation)
    {
        var count = connections.Count;
        if (count == 0)
            return;
        LogBegins(log, count);
        var shutdown = new ServerEvent.ServerShutdown("The server is shutting down.", (long)options.Grace.TotalMilliseconds);
        var message = new ConnectionMessage.Tell(new Outgoing(WireFormat.Event(shutdown), FrameKind.Text));
        foreach (var connection in connections.All)
            connection.TryTell(message);
        try
        {
            await Task.Delay(options.Grace, clock, cancellation);
            await CloseAll(cancellation);
            await Farewell(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The host has no more time; what is left is cut with the web server.
        }

        LogEnds(log, connections.Count);
    }

    private async Task CloseAll(CancellationToken cancellation)
    {
        var batch = options.ClosesPerSecond == 0 ? int.MaxValue : Math.Max(1, (int)(options.ClosesPerSecond * BatchInterval.TotalSeconds));
        var closed = 0;
        foreach (var connection in connections.All)
        {
            connection.Tell(new ConnectionMessage.CloseWith(CloseReason.ServerShutdown));
            if (++closed % batch == 0)
                await Task.Delay(BatchInterval, clock, cancellation);
        }
    }

    private async Task Farewell(CancellationToken cancellation)
    {
        var deadline = clock.GetTimestamp();
        while (connections.Count > 0 && clock.GetElapsedTime(deadline) < FarewellTime)
            await Task.Delay(BatchInterval, clock, cancellation);
    }

    [LoggerMessage(1101, LogLevel.Information, "Draining {Count} connections")]
    private static partial void LogBegins(ILogger log, int count);

    [LoggerMessage(1102, LogLevel.Information, "Drained; {Count} connections are left to be cut")]
    private static partial void LogEnds(ILogger log, int count);
}
