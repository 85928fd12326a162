using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.TestKit.Simulation;

/// <summary>
/// One TCP connection between two nodes: each way everything in order, or nothing from some point on. The two sides learn of its end each at
/// their own time.
/// </summary>
internal sealed class SimSession
{
    private static readonly TimeSpan LookTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SilenceTime = TimeSpan.FromSeconds(1);

    private readonly SimNetwork _network;
    private readonly Side _a;
    private readonly Side _b;

    public SimSession(SimNetwork network, long number, SimLinks a, SimLinks b)
    {
        (_network, Number) = (network, number);
        (_a, _b) = (new Side(a), new Side(b));
    }

    /// <summary>No other session has it.</summary>
    public long Number { get; }

    public bool IsBetween(string one, string other) => (_a.Name == one && _b.Name == other) || (_a.Name == other && _b.Name == one);

    public bool IsUpAt(string node) => Of(node).IsUp;

    public long IncarnationOf(string node) => Of(node).Incarnation;

    public void Begin()
    {
        _a.Links.Began(_b.Name, this);
        _b.Links.Began(_a.Name, this);
        _a.LastHeard = _b.LastHeard = _network.World.Now;
        _network.World.After(LookTime, Look);
    }

    /// <summary>Sends without waiting; false where this side has no connection any more, or the message was dropped.</summary>
    public bool Send(string from, NodeMessage message)
    {
        var (here, there) = (Of(from), Other(from));
        if (!here.IsUp)
            return false;
        if (message.MayDrop && _network.IsCrowded(from, there.Name) && _network.World.Chance(0.7))
        {
            here.Dropped.Add(message);
            return false;
        }

        Put(there, _network.Plants.Alters(message));
        return true;
    }

    /// <summary>The link takes everything again.</summary>
    public void TellRecovered(string sender)
    {
        var (here, there) = (Of(sender), Other(sender));
        if (here.Dropped.Count == 0 || !here.IsUp || !_network.Plants.TellsRecovery)
            return;
        HashSet<RoomId> rooms = [.. here.Dropped.OfType<NodeMessage.ToRelay>().Select(message => message.Room)];
        HashSet<TopicName> topics = [.. here.Dropped.OfType<NodeMessage.ToTopicRelay>().Select(message => message.Topic)];
        here.Dropped.Clear();
        here.Links.Tell(there.Name, events => events.Recovered(new NodeId(there.Name), rooms, topics));
    }

    /// <summary>One side ends it. The other hears of it behind what was on its way; where the end is abrupt, some of that is lost.</summary>
    public void End(string by, bool isAbrupt)
    {
        var (here, there) = (Of(by), Other(by));
        if (!here.IsUp)
            return;
        Close(here);
        if (isAbrupt)
            there.LoseSome(_network.World.Random);
        Put(there, null);
    }

    /// <summary>This side has a newer one.</summary>
    public void Replaced(string at) => Close(Of(at));

    /// <summary>Brings what has arrived to those who read it.</summary>
    public void Move()
    {
        Arrive(_a);
        Arrive(_b);
    }

    private void Put(Side to, NodeMessage? message)
    {
        var due = Math.Max(to.LastDue, _network.World.Now + _network.Delay().Ticks);
        to.LastDue = due;
        to.OnTheWay.Enqueue((due, message));
        _network.World.After(TimeSpan.FromTicks(due - _network.World.Now), () => Arrive(to));
    }

    private void Arrive(Side to)
    {
        var from = Other(to.Name);
        while (to.OnTheWay.TryPeek(out var next) && next.Due <= _network.World.Now && !_network.IsCut(from.Name, to.Name))
        {
            to.OnTheWay.Dequeue();
            if (!to.IsUp)
                continue;
            if (next.Message is not { } message)
            {
                Close(to);
                continue;
            }

            if (_network.Plants.Loses(message))
                continue;
            _network.World.Trace.Add(_network.World.Now, to.Name, _network.World.Trace.KeepsLines ? $"from {from.Name}: {Text(message)}" : Kind(message));
            to.Links.Tell(from.Name, events => events.Received(new NodeId(from.Name), message));
        }
    }

    /// <summary>Every side that runs looks whether it still hears the other.</summary>
    private void Look()
    {
        if (!_a.IsUp && !_b.IsUp)
        {
            _network.Forget(this);
            return;
        }

        foreach (var (here, there) in new[] { (_a, _b), (_b, _a) })
        {
            if (there.Links.Process.IsRunning && there.IsUp && !_network.IsCut(there.Name, here.Name))
                here.LastHeard = _network.World.Now;
            else if (here.IsUp && here.Links.Process.IsRunning && _network.World.Now - here.LastHeard >= SilenceTime.Ticks)
                End(here.Name, isAbrupt: _network.World.Chance(0.5));
        }

        _network.World.After(LookTime, Look);
    }

    private void Close(Side side)
    {
        if (!side.IsUp)
            return;
        side.IsUp = false;
        side.Links.Ended(Other(side.Name).Name, this);
    }

    private Side Of(string node) => _a.Name == node ? _a : _b;

    private Side Other(string node) => _a.Name == node ? _b : _a;

    private static string Kind(NodeMessage message) => message switch
    {
        NodeMessage.ToRoom room => room.Message.GetType().Name,
        NodeMessage.ToRelay relay => relay.Message.GetType().Name,
        NodeMessage.ToUser user => user.Message.GetType().Name,
        NodeMessage.ToTopic topic => topic.Message.GetType().Name,
        _ => message.GetType().Name,
    };

    private static string Text(NodeMessage message) => message switch
    {
        NodeMessage.ToRoom room => $"{room.Room} <- {room.Message}",
        NodeMessage.ToRelay relay => $"{relay.Room} term {relay.Term} -> {relay.Message}",
        NodeMessage.ToUser user => $"{user.User} <- {user.Message}",
        NodeMessage.Owners owners => $"owners {string.Join(' ', owners.Shards.Take(5).Select(row => $"{row.Shard}:{row.Owner}/{row.Term}"))} of {owners.Shards.Count}",
        _ => $"{message}",
    };

    private sealed class Side(SimLinks links)
    {
        public SimLinks Links { get; } = links;

        public string Name { get; } = links.Self.Value;

        public long Incarnation { get; } = links.Incarnation;

        public bool IsUp { get; set; } = true;

        public long LastHeard { get; set; }

        public long LastDue { get; set; }

        /// <summary>What travels to this side; null is the end.</summary>
        public Queue<(long Due, NodeMessage? Message)> OnTheWay { get; private set; } = new();

        /// <summary>What this side sent and the link dropped.</summary>
        public List<NodeMessage> Dropped { get; } = [];

        public void LoseSome(Random random) => OnTheWay = new(OnTheWay.Take(random.Next(OnTheWay.Count + 1)));
    }
}
