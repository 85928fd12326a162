using Verb.Actors.Sharding;

namespace Verb.TestKit.Simulation;

/// <summary>A node's links over the simulated network.</summary>
internal sealed class SimLinks(SimNetwork network, SimProcess process) : INodeLinks
{
    private static readonly TimeSpan RedialTime = TimeSpan.FromMilliseconds(200);

    private readonly SortedDictionary<string, NodeRow> _wanted = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SimSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Action<INodeLinkEvents>>> _told = [];
    private INodeLinkEvents? _events;
    private bool _started;

    /// <summary>The node.</summary>
    public NodeId Self { get; private set; }

    /// <summary>Which life of it.</summary>
    public long Incarnation { get; private set; }

    internal SimProcess Process => process;

    /// <inheritdoc/>
    public ValueTask Start(NodeId self, long incarnation, INodeLinkEvents events, CancellationToken cancellation)
    {
        EndAll();
        (Self, Incarnation) = (self, incarnation);
        if (!_started)
        {
            _started = true;
            process.WhenKilled(EndAll);
            network.World.After(RedialTime, Redial);
        }

        _events = events;
        network.Add(this);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void SetPeers(IReadOnlyList<NodeRow> peers)
    {
        _wanted.Clear();
        foreach (var peer in peers.Where(peer => peer.Id != Self))
            _wanted[peer.Id.Value] = peer;
        foreach (var (name, session) in _sessions.ToArray())
        {
            if (!_wanted.TryGetValue(name, out var wanted) || wanted.Incarnation != session.IncarnationOf(name))
                session.End(Self.Value, isAbrupt: false);
        }

        DialAll();
    }

    /// <inheritdoc/>
    public bool Send(NodeId peer, NodeMessage message) =>
        _sessions.TryGetValue(peer.Value, out var session) && session.Send(Self.Value, message);

    /// <inheritdoc/>
    public bool Send(NodeId peer, long session, NodeMessage message) =>
        _sessions.TryGetValue(peer.Value, out var current) && current.Number == session && current.Send(Self.Value, message);

    /// <inheritdoc/>
    public ValueTask Stop()
    {
        EndAll();
        _wanted.Clear();
        network.Remove(this);
        _events = null;
        return ValueTask.CompletedTask;
    }

    internal bool Wants(SimLinks peer) =>
        _events is not null && _wanted.TryGetValue(peer.Self.Value, out var row) && row.Incarnation == peer.Incarnation;

    /// <summary>A session begins; one that stood before has ended thereby.</summary>
    internal void Began(string peer, SimSession session)
    {
        if (_sessions.TryGetValue(peer, out var before))
            before.Replaced(Self.Value);
        _sessions[peer] = session;
        Tell(peer, events => events.LinkUp(new NodeId(peer), session.Number));
    }

    internal void Ended(string peer, SimSession session)
    {
        if (_sessions.TryGetValue(peer, out var current) && current == session)
            _sessions.Remove(peer);
        Tell(peer, events => events.LinkDown(new NodeId(peer)));
    }

    /// <summary>Tells the node, in the node's own process, and of one peer one thing after the other.</summary>
    internal void Tell(string peer, Action<INodeLinkEvents> call)
    {
        if (!_told.TryGetValue(peer, out var queue))
            _told[peer] = queue = new Queue<Action<INodeLinkEvents>>();
        if (_events is not { } events)
            return;
        queue.Enqueue(call);
        process.Post(() =>
        {
            if (queue.TryDequeue(out var next))
                next(events);
        });
    }

    private void EndAll()
    {
        foreach (var session in _sessions.Values.ToArray())
            session.End(Self.Value, isAbrupt: process.IsKilled);
        if (process.IsKilled)
            network.Remove(this);
    }

    private void Redial()
    {
        if (process.IsKilled)
            return;
        DialAll();
        network.World.After(RedialTime, Redial);
    }

    private void DialAll()
    {
        if (_events is null)
            return;
        foreach (var peer in _wanted.Values.Where(peer => !_sessions.ContainsKey(peer.Id.Value)).ToArray())
            network.World.After(network.Delay(), () => Dial(peer.Id));
    }

    private void Dial(NodeId peer)
    {
        if (_events is not null && !_sessions.ContainsKey(peer.Value) && network.Find(peer) is { } there)
            network.Dial(this, there);
    }
}
