using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Contracts;

namespace Verb.TestKit.Sockets;

/// <summary>
/// A client's socket without a network. It takes everything at once until it is told to stall; then what is written stays on the way until it
/// resumes, and is lost where it is reset. Use it on the test's thread, like everything of the kit.
/// </summary>
/// <param name="clock">The clock of <see cref="LastReceived"/>.</param>
public sealed class FakeSocket(TimeProvider clock) : IClientSocket
{
    private readonly List<Outgoing> _onTheWay = [];
    private readonly List<Outgoing> _arrived = [];
    private TaskCompletionSource<bool>? _flushing;
    private bool _stalled;
    private bool _reset;

    /// <summary>What reached the client, in order, joined messages taken apart.</summary>
    public IReadOnlyList<Outgoing> Arrived => _arrived;

    /// <summary>How many bytes are written and have not reached the client.</summary>
    public long BytesOnTheWay => _onTheWay.Sum(message => (long)message.Bytes);

    /// <summary>How many protocol pings were written.</summary>
    public int Pings { get; private set; }

    /// <summary>The payloads of the protocol pongs that were written.</summary>
    public List<byte[]> Pongs { get; } = [];

    /// <summary>How often the connection flushed.</summary>
    public int Flushes { get; private set; }

    /// <summary>The close frame, once one was sent.</summary>
    public CloseReason? Closed { get; private set; }

    /// <summary>Whether the hub cut the connection.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>What was written behind the close frame or after a cut: nothing should be.</summary>
    public int WrittenTooLate { get; private set; }

    /// <summary>Called when a ping reaches the client, and when one that stalled resumes.</summary>
    public Action? OnPing { get; set; }

    /// <inheritdoc/>
    public long LastReceived { get; set; } = clock.GetTimestamp();

    /// <summary>Whether the hub is done with this socket.</summary>
    public bool IsEnded => IsAborted || Closed is not null;

    private int PingsOnTheWay { get; set; }

    /// <summary>From here on the client reads nothing.</summary>
    public void Stall() => _stalled = true;

    /// <summary>The client reads again: what was on the way reaches it.</summary>
    public void Resume()
    {
        _stalled = false;
        Arrive();
        Complete(true);
    }

    /// <summary>The connection is gone: what was on the way is lost, and a flush says so.</summary>
    public void Reset()
    {
        _reset = true;
        _onTheWay.Clear();
        Complete(false);
    }

    /// <inheritdoc/>
    public void Write(Outgoing message)
    {
        if (IsEnded)
            WrittenTooLate++;
        if (message.Parts is { } parts)
            _onTheWay.AddRange(parts);
        else
            _onTheWay.Add(message);
    }

    /// <inheritdoc/>
    public ValueTask<bool> Flush()
    {
        Flushes++;
        if (_reset)
            return new(false);
        if (_stalled)
            return new((_flushing = new TaskCompletionSource<bool>()).Task);
        Arrive();
        return new(true);
    }

    /// <inheritdoc/>
    public void Ping(ReadOnlySpan<byte> payload)
    {
        Pings++;
        PingsOnTheWay++;
    }

    /// <inheritdoc/>
    public void Pong(ReadOnlySpan<byte> payload) => Pongs.Add(payload.ToArray());

    /// <inheritdoc/>
    public void Close(CloseReason reason)
    {
        Closed ??= reason;
        if (!_stalled && !_reset)
            Arrive();
    }

    /// <inheritdoc/>
    public void Abort()
    {
        IsAborted = true;
        _reset = true;
        _onTheWay.Clear();
        Complete(false);
    }

    private void Arrive()
    {
        _arrived.AddRange(_onTheWay);
        _onTheWay.Clear();
        for (; PingsOnTheWay > 0; PingsOnTheWay--)
            OnPing?.Invoke();
    }

    private void Complete(bool alive)
    {
        var flushing = _flushing;
        _flushing = null;
        flushing?.TrySetResult(alive);
    }
}
