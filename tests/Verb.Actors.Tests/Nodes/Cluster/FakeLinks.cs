using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Nodes.Cluster;

/// <summary>The links between all nodes: each message is there at once, or nowhere.</summary>
internal sealed class FakeNetwork
{
    private readonly Dictionary<NodeId, FakeLinks> _links = [];
    private readonly Dictionary<(NodeId From, NodeId To), long> _sessions = [];
    private long _lastSession;

    /// <summary>What was sent, whether it arrived or not.</summary>
    public List<(NodeId From, NodeId To, NodeMessage Message)> Sent { get; } = [];

    /// <summary>What is lost though the link stands; the sender does not know.</summary>
    public Predicate<NodeMessage> Loses { get; set; } = static _ => false;

    public void Add(NodeId node, FakeLinks links) => _links[node] = links;

    /// <summary>What a node's links tell it.</summary>
    public INodeLinkEvents EventsOf(NodeId node) => _links[node].Events;

    /// <summary>A link stands from here on, and both are told, as far as they are here.</summary>
    public void Connect(NodeId one, NodeId other)
    {
        _sessions[(one, other)] = _sessions[(other, one)] = ++_lastSession;
        Both(one, other, static (events, peer, session) => events.LinkUp(peer, session));
    }

    /// <summary>The link is gone, and both are told.</summary>
    public void Cut(NodeId one, NodeId other)
    {
        _sessions.Remove((one, other));
        _sessions.Remove((other, one));
        Both(one, other, static (events, peer, _) => events.LinkDown(peer));
    }

    public bool Send(NodeId from, NodeId to, long? session, NodeMessage message)
    {
        if (!_sessions.TryGetValue((from, to), out var stands) || (session is not null && session != stands))
            return false;
        Sent.Add((from, to, message));
        if (!Loses(message) && _links.TryGetValue(to, out var links))
            links.Events.Received(from, message);
        return true;
    }

    private void Both(NodeId one, NodeId other, Action<INodeLinkEvents, NodeId, long> tell)
    {
        foreach (var (here, there) in new[] { (one, other), (other, one) })
        {
            if (_links.TryGetValue(here, out var links))
                tell(links.Events, there, _lastSession);
        }
    }
}

/// <summary>One node's links.</summary>
internal sealed class FakeLinks(FakeNetwork network) : INodeLinks
{
    private NodeId _self;

    public INodeLinkEvents Events { get; private set; } = null!;

    public ValueTask Start(NodeId self, long incarnation, INodeLinkEvents events, CancellationToken cancellation)
    {
        (_self, Events) = (self, events);
        network.Add(self, this);
        return default;
    }

    public void SetPeers(IReadOnlyList<NodeRow> peers)
    {
    }

    public bool Send(NodeId peer, NodeMessage message) => network.Send(_self, peer, null, message);

    public bool Send(NodeId peer, long session, NodeMessage message) => network.Send(_self, peer, session, message);

    public ValueTask Stop() => default;
}
