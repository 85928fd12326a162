using Verb.Actors.Sharding;

namespace Verb.TestKit.Simulation;

/// <summary>What lies between the nodes: who can reach whom, and how long that takes.</summary>
internal sealed class SimNetwork(SimWorld world)
{
    private readonly SortedDictionary<string, SimLinks> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<(string From, string To)> _cut = [];
    private readonly HashSet<(string From, string To)> _crowded = [];
    private readonly List<SimSession> _sessions = [];
    private long _lastSession;

    /// <summary>What is broken on purpose.</summary>
    public SimPlants Plants { get; init; } = new();

    internal SimWorld World => world;

    /// <summary>Lets nothing through from one node to the other, in that direction.</summary>
    public void Cut(string from, string to) => _cut.Add((from, to));

    /// <summary>Lets everything through again.</summary>
    public void Heal(string from, string to)
    {
        _cut.Remove((from, to));
        foreach (var session in _sessions.ToArray())
            session.Move();
    }

    /// <summary>From here on a link is behind: it drops what may be dropped. When it is no longer, its sender is told.</summary>
    public void Crowd(string from, string to, bool crowded)
    {
        if (crowded)
            _crowded.Add((from, to));
        else if (_crowded.Remove((from, to)) && Session(from, to) is { } session)
            session.TellRecovered(from);
    }

    /// <summary>Ends a session between two nodes; where it is broken by one side only, the other hears of it later.</summary>
    public void Break(string by, string other)
    {
        if (Session(by, other) is { } session)
            session.End(by, isAbrupt: world.Chance(0.5));
    }

    internal bool IsCut(string from, string to) => _cut.Contains((from, to));

    internal bool IsCrowded(string from, string to) => _crowded.Contains((from, to));

    internal TimeSpan Delay() =>
        world.Draw(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(world.Chance(0.05) ? 30 : 2));

    internal SimLinks? Find(NodeId node) => _nodes.GetValueOrDefault(node.Value);

    internal void Add(SimLinks links) => _nodes[links.Self.Value] = links;

    internal void Remove(SimLinks links)
    {
        if (Find(links.Self) == links)
            _nodes.Remove(links.Self.Value);
    }

    /// <summary>One dials the other; it works out if both want each other as they are.</summary>
    internal void Dial(SimLinks from, SimLinks to)
    {
        if (from.Self == to.Self || IsCut(from.Self.Value, to.Self.Value) || IsCut(to.Self.Value, from.Self.Value))
            return;
        if (!from.Process.IsRunning || !to.Process.IsRunning || !from.Wants(to) || !to.Wants(from))
            return;
        var session = new SimSession(this, ++_lastSession, from, to);
        _sessions.Add(session);
        session.Begin();
    }

    internal void Forget(SimSession session) => _sessions.Remove(session);

    private SimSession? Session(string from, string to) => _sessions.Find(session => session.IsBetween(from, to) && session.IsUpAt(from));
}
