using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Nodes;
using Verb.Contracts;

namespace Verb.TestKit.Simulation;

/// <summary>
/// A client's connection to a node, both ends of it: everything in order, some time on the way, gone with the node's process; silent while
/// that is frozen.
/// </summary>
internal sealed class SimSocket : IClientSocket
{
    private readonly SimWorld _world;
    private readonly SimProcess _process;
    private readonly ISimSocketOwner _owner;
    private readonly List<Outgoing> _written = [];
    private readonly Queue<ConnectionMessage> _unread = new();
    private ReaderGate? _gate;
    private IActorRef? _connection;
    private TaskCompletionSource<bool>? _flushing;
    private bool _reading;
    private bool _closing;
    private bool _stalled;
    private long _lastDown;
    private long _lastUp;

    public SimSocket(SimWorld world, SimProcess process, ISimSocketOwner owner)
    {
        (_world, _process, _owner) = (world, process, owner);
        LastReceived = world.Now;
        process.WhenKilled(() => world.After(Delay(), () => Lose(tellHub: false)));
    }

    /// <inheritdoc/>
    public long LastReceived { get; private set; }

    /// <summary>Whether the client's end is there.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Whether the client is cut off: neither side hears the other any more, and none is told.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The handshake: from here on the hub has the connection. Called in the node's process.</summary>
    public async Task Accept(HubNode node, ConnectionSetup setup)
    {
        _gate = setup.Gate;
        _connection = await node.Connect(setup, this);
        StartReading();
    }

    /// <summary>The client reads nothing, or reads again.</summary>
    public void Stall(bool stalled)
    {
        _stalled = stalled;
        if (stalled || _flushing is not { } flushing)
            return;
        _flushing = null;
        Deliver();
        flushing.TrySetResult(IsOpen);
    }

    /// <summary>The client sends a frame.</summary>
    public void Send(ConnectionMessage frame)
    {
        if (!IsOpen || IsSilent)
            return;
        _world.After(Next(ref _lastUp), () =>
        {
            _unread.Enqueue(frame); // In the machine's buffer, whether the process reads or not.
            _process.Post(StartReading);
        });
    }

    /// <summary>The client closes in order.</summary>
    public void CloseByClient()
    {
        Send(new ConnectionMessage.PeerClosed(CloseReason.Normal));
        IsOpen = false;
    }

    /// <summary>The connection is gone; what was on its way is lost.</summary>
    public void Lose(bool tellHub = true)
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        if (tellHub && !IsSilent)
            _world.After(Delay(), () => _process.Post(EndReading));
        _owner.Ended(this, null);
    }

    /// <summary>The client gives up on a connection that it hears nothing of; the hub hears of that only if it can.</summary>
    public void GiveUp()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        if (!IsSilent)
            _world.After(Delay(), () => _process.Post(EndReading));
    }

    void IClientSocket.Write(Outgoing message)
    {
        if (message.Parts is { } parts)
            _written.AddRange(parts);
        else
            _written.Add(message);
    }

    ValueTask<bool> IClientSocket.Flush()
    {
        if (!IsOpen)
            return new(false);
        if (_stalled)
            return new((_flushing = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
        Deliver();
        return new(true);
    }

    void IClientSocket.Ping(ReadOnlySpan<byte> payload) => Down(() =>
    {
        if (!_stalled)
            Send(new ConnectionMessage.Ponged());
    });

    void IClientSocket.Pong(ReadOnlySpan<byte> payload)
    {
    }

    void IClientSocket.Close(CloseReason reason)
    {
        if (_closing)
            return;
        _closing = true;
        Deliver();
        Down(() =>
        {
            IsOpen = false;
            _owner.Ended(this, reason);
        });
    }

    void IClientSocket.Abort()
    {
        if (_closing)
            return;
        _closing = true;
        Down(() => Lose(tellHub: false));
    }

    private void Deliver()
    {
        foreach (var message in _written)
        {
            if (message.Kind == FrameKind.Text)
                Down(() => _owner.Received(this, message.Payload));
        }

        _written.Clear();
    }

    private void Down(Action arrive)
    {
        if (IsSilent)
            return;
        _world.After(Next(ref _lastDown), () =>
        {
            if (IsOpen && !IsSilent)
                arrive();
        });
    }

    private void StartReading()
    {
        if (_reading || _connection is null || _unread.Count == 0)
            return;
        _reading = true;
        _ = Read();
    }

    private async Task Read()
    {
        while (_unread.Count > 0)
        {
            await _gate!.Wait(CancellationToken.None);
            if (!_unread.TryDequeue(out var frame))
                break;
            LastReceived = _world.Now;
            await _gate.Take();
            _connection!.Tell(new ConnectionMessage.Read([frame]), ActorRefs.NoSender);
            await Task.Yield(); // The hub works on a frame while the next one is read.
        }

        _reading = false;
    }

    private void EndReading()
    {
        _unread.Clear();
        _connection?.Tell(new ConnectionMessage.Lost(), ActorRefs.NoSender);
        _flushing?.TrySetResult(false);
    }

    private TimeSpan Delay() => _world.Draw(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(3));

    /// <summary>How long something takes that must not overtake what is on its way.</summary>
    private TimeSpan Next(ref long last)
    {
        last = Math.Max(last + 1, _world.Now + Delay().Ticks);
        return TimeSpan.FromTicks(last - _world.Now);
    }
}
