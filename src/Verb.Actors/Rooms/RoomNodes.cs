using Verb.Actors.Sharding;

namespace Verb.Actors.Rooms;

/// <summary>
/// The nodes a room has heard since it was loaded. What a node's connections ask is held until its relay has said who is here: before that the
/// room would take members for strangers. Pure.
/// </summary>
internal sealed class RoomNodes
{
    /// <summary>How many messages of one node are held; who asks beyond it is told to come back.</summary>
    public const int MostHeld = 1024;

    /// <summary>When a node that does not answer is asked again.</summary>
    private const long AskAgainAfter = 1000;

    private readonly HashSet<NodeId> _heard = [];
    private readonly Dictionary<NodeId, Unheard> _unheard = [];

    /// <summary>Whether the node has said who is here.</summary>
    public bool HasHeard(NodeId node) => _heard.Contains(node);

    /// <summary>Whether as much is held of the node as may be.</summary>
    public bool IsFull(NodeId node) => _unheard.TryGetValue(node, out var unheard) && unheard.Held.Count >= MostHeld;

    /// <summary>Whether something waits for the node to be heard.</summary>
    public bool Holds(NodeId node) => _unheard.ContainsKey(node);

    /// <summary>Holds a message, unless it is full. True where the node is to be asked now.</summary>
    public bool Hold(NodeId node, RoomMessage message, long now)
    {
        if (!_unheard.TryGetValue(node, out var unheard))
            _unheard[node] = unheard = new Unheard();
        if (unheard.Held.Count < MostHeld)
            unheard.Held.Add(message);
        if (now - unheard.AskedAt < AskAgainAfter)
            return false;
        unheard.AskedAt = now;
        return true;
    }

    /// <summary>The node is linked anew: its connections say again what is unanswered, in its order, and what is held of them comes once more.</summary>
    public void Drop(NodeId node)
    {
        if (_unheard.TryGetValue(node, out var unheard))
            unheard.Held.Clear();
    }

    /// <summary>The node has said who is here: what was held of it, in its order.</summary>
    public IReadOnlyList<RoomMessage> Heard(NodeId node)
    {
        _heard.Add(node);
        return _unheard.Remove(node, out var unheard) ? unheard.Held : [];
    }

    /// <summary>The node is dead, and what it asked.</summary>
    public void Forget(NodeId node)
    {
        _heard.Remove(node);
        _unheard.Remove(node);
    }

    private sealed class Unheard
    {
        public List<RoomMessage> Held { get; } = [];

        public long AskedAt { get; set; } = long.MinValue / 2;
    }
}
