using Akka.Actor;
using Microsoft.Extensions.Logging;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Durability;
using Verb.Contracts;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Hosting;

/// <summary>
/// Empties the node: tells every client that the server stops, gives what the node owns to its peers, leaves the clients a while, then
/// closes them with 1001 in paced batches. Runs once, however often it is asked for.
/// </summary>
/// <param name="connections">Whom to tell and close.</param>
/// <param name="handOver">Gives the node's shards to its peers; a node alone has none to give them to.</param>
/// <param name="options">How long, how fast.</param>
/// <param name="clock">The time.</param>
/// <param name="random">Moves the batches apart from those of another node that drains.</param>
/// <param name="log">Hears of it.</param>
internal sealed partial class Drain(
    ConnectionDirectory connections, Func<CancellationToken, Task> handOver, DrainOptions options, TimeProvider clock, Random random, ILogger<Drain> log) : IDisposable
{
    /// <summary>How long the peers may take to take over.</summary>
    public static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(10);

    /// <summary>How many connections there is time to close where their number has no limit.</summary>
    private const int ManyConnections = 100_000;

    /// <summary>How often a batch is closed, on average.</summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long closed connections may take to say good-bye.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _noMoreTime = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    /// <summary>Whether the node takes no new connections any more.</summary>
    public bool HasBegun => Volatile.Read(ref _begun) != 0;

    /// <summary>Cancelled once connections are being closed: for sockets that no actor closes.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>How long it takes at most, with <paramref name="connectionLimit"/> connections; 0 is unlimited, and time is left for many.</summary>
    public static TimeSpan Longest(DrainOptions options, int connectionLimit) =>
        options.Grace + HandOverTime + FarewellTime + (options.ClosesPerSecond == 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds((connectionLimit == 0 ? ManyConnections : (double)connectionLimit) / options.ClosesPerSecond));

    /// <summary>Drains, or waits for the drain that has begun.</summary>
    /// <param name="cancellation">There is no more time: what is left is cut with the web server.</param>
    public async Task Run(CancellationToken cancellation)
    {
        if (_ended.Task.IsCompleted)
            return;
        await using var hurry = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _noMoreTime);
        if (Interlocked.Exchange(ref _begun, 1) == 0)
            _ = DrainAll(_noMoreTime.Token);
        await _ended.Task;
    }

    public void Dispose()
    {
        _noMoreTime.Dispose();
        _closing.Dispose();
    }

    private async Task DrainAll(CancellationToken cancellation)
    {
        try
        {
            LogBegins(log, connections.Count);
            TellAll();
            await HandOver(cancellation);
            if (connections.Count > 0)
                await Task.Delay(options.Grace, clock, cancellation);
            await CloseAll(cancellation);
            await Farewell(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The host has no more time.
        }
        finally
        {
            LogEnds(log, connections.Count);
            _ended.SetResult();
        }
    }

    private void TellAll()
    {
        var shutdown = new ServerEvent.ServerShutdown("The server is shutting down.", (long)options.Grace.TotalMilliseconds);
        var message = new ConnectionMessage.Tell(new Outgoing(WireFormat.Event(shutdown), FrameKind.Text));
        connections.TellAll(message);
    }

    /// <summary>What the peers do not take now they take when this node leaves or its lease runs out: nothing is lost, it takes longer.</summary>
    private async Task HandOver(CancellationToken cancellation)
    {
        using var tooLong = new CancellationTokenSource(HandOverTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, tooLong.Token);
        try
        {
            await handOver(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            LogNotHandedOver(log, $"it took longer than {HandOverTime.TotalSeconds:0} s");
        }
        catch (StorageException failure)
        {
            LogNotHandedOver(log, failure.Message);
        }
    }

    private async Task CloseAll(CancellationToken cancellation)
    {
        await _closing.CancelAsync();
        var batch = options.ClosesPerSecond == 0 ? int.MaxValue : Math.Max(1, (int)(options.ClosesPerSecond * BatchInterval.TotalSeconds));
        var closed = 0;
        foreach (var connection in connections.All)
        {
            connection.Tell(new ConnectionMessage.CloseWith(CloseReason.ServerShutdown), ActorRefs.NoSender);
            if (++closed % batch == 0)
                await Task.Delay(Pause(batch), clock, cancellation);
        }
    }

    /// <summary>From half to one and a half of what the batch is worth.</summary>
    private TimeSpan Pause(int batch) => TimeSpan.FromSeconds((0.5 + random.NextDouble()) * batch / options.ClosesPerSecond);

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

    [LoggerMessage(1103, LogLevel.Warning, "The shards were not all handed over: {Reason}")]
    private static partial void LogNotHandedOver(ILogger log, string reason);
}
