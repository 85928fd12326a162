namespace Verb.Gateway.WebSockets;

/// <summary>
/// Where a connection stands between its first close frame and its end (RFC 6455 section 7.1). Told by the writer, the reader and the
/// sweep, each on its own thread.
/// </summary>
internal sealed class CloseHandshake(TimeProvider clock, TimeSpan timeout)
{
    // A peer that answers a close does so in a round trip; one that waits for the end of the stream instead gets it after this.
    private static readonly TimeSpan HalfCloseAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TaskCompletionSource? _awaited;
    private long _since;
    private bool _sent;
    private bool _flushed;
    private bool _peerClosed;
    private bool _halfClosed;
    private volatile bool _gone;
    private volatile bool _ended;

    /// <summary>True once the hub's close frame was written.</summary>
    public bool IsSent => Volatile.Read(ref _sent);

    /// <summary>True once the connection is gone: nothing is written any more.</summary>
    public bool IsGone => _gone;

    /// <summary>True once nothing more will be said by either side.</summary>
    public bool IsEnded => _ended;

    /// <summary>Completes with <see cref="IsEnded"/>.</summary>
    public Task Ended
    {
        get
        {
            lock (_lock)
                return _ended ? Task.CompletedTask : (_awaited ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>The hub's close frame is about to be written; false where one was before, or the connection has ended.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (_sent || IsEnded)
                return false;
            _sent = true;
            Start();
            return true;
        }
    }

    /// <summary>The hub's close frame left for the peer.</summary>
    public void Flushed()
    {
        lock (_lock)
        {
            _flushed = true;
            EndWhenBothClosed();
        }
    }

    /// <summary>The peer sends nothing more that counts: it closed, or broke the protocol and is being told so.</summary>
    public void PeerClosed()
    {
        lock (_lock)
        {
            _peerClosed = true;
            Start();
            EndWhenBothClosed();
        }
    }

    /// <summary>The peer broke the protocol: the hub's close is due, and the peer's answer after it.</summary>
    public void PeerFailed()
    {
        lock (_lock)
            Start();
    }

    /// <summary>The connection is gone, in order or not.</summary>
    public void Gone()
    {
        _gone = true;
        lock (_lock)
            End();
    }

    /// <summary>What time demands.</summary>
    public CloseStep NextStep()
    {
        lock (_lock)
        {
            if (_since == 0 || IsEnded)
                return CloseStep.None;

            var elapsed = clock.GetElapsedTime(_since);
            if (timeout > TimeSpan.Zero && elapsed >= timeout)
                return CloseStep.Abort;
            if (!_flushed || _halfClosed || elapsed < HalfCloseAfter)
                return CloseStep.None;

            _halfClosed = true;
            return CloseStep.HalfClose;
        }
    }

    private void Start()
    {
        if (_since == 0)
            _since = Math.Max(1, clock.GetTimestamp());
    }

    private void EndWhenBothClosed()
    {
        if (_flushed && _peerClosed)
            End();
    }

    private void End()
    {
        _ended = true;
        _awaited?.TrySetResult();
    }
}
