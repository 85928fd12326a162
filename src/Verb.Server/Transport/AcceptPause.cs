using System.Net.Sockets;

namespace Verb.Server.Transport;

/// <summary>
/// Accepts connections, and where that fails for want of something, or would take the last file descriptors, waits before it tries again. The operator hears of it once, and once when
/// it is over. Shared by all that listen.
/// </summary>
internal sealed partial class AcceptPause(DescriptorReserve reserve, TimeProvider clock, ILogger log)
{
    private const string OutOfDescriptors = "the process is out of file descriptors";

    /// <summary>Who waits for a place does not feel it, and trying so often costs nothing.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>It is over only after so long without a failure: where all places are taken, each that becomes free is taken at once.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _firstFailure;
    private long _lastFailure;
    private bool _isShort;
    private volatile bool _tookTheLast;

    /// <summary>The next connection; null once the socket is closed.</summary>
    public async Task<Socket?> Accept(Func<CancellationToken, ValueTask<Socket>> accept, CancellationToken closed)
    {
        while (!closed.IsCancellationRequested)
        {
            if (_tookTheLast && (_tookTheLast = !reserve.LeavesOne()))
            {
                await Wait(OutOfDescriptors, closed);
                continue;
            }

            try
            {
                var socket = await accept(closed);
                OnAccepted();
                _tookTheLast = _tookTheLast || reserve.Holds(socket);
                return socket;
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The client left before it was accepted.
            }
            catch (SocketException e)
            {
                await Wait(e.SocketErrorCode == SocketError.TooManyOpenSockets ? OutOfDescriptors : e.Message, closed);
            }
        }

        return null;
    }

    private async Task Wait(string reason, CancellationToken closed)
    {
        OnShort(reason);
        await Task.Delay(Pause, clock, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnShort(string reason)
    {
        lock (_lock)
        {
            _lastFailure = clock.GetTimestamp();
            if (_isShort)
                return;
            (_isShort, _firstFailure) = (true, _lastFailure);
        }

        LogShort(log, reason);
    }

    private void OnAccepted()
    {
        if (!Volatile.Read(ref _isShort))
            return;
        TimeSpan took;
        lock (_lock)
        {
            if (!_isShort || clock.GetElapsedTime(_lastFailure) < Calm)
                return;
            _isShort = false;
            took = clock.GetElapsedTime(_firstFailure, _lastFailure);
        }

        LogOver(log, took.TotalSeconds);
    }

    [LoggerMessage(1902, LogLevel.Warning, "New connections wait: {Reason}. They are taken as soon as others end; raise the limit (ulimit -n), or lower Verb:Limits:Connections below it")]
    private static partial void LogShort(ILogger log, string reason);

    [LoggerMessage(1903, LogLevel.Information, "New connections are taken again; for {Seconds:0.0} s some had to wait")]
    private static partial void LogOver(ILogger log, double seconds);
}
