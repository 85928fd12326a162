using Verb.Actors.Policies;
using Verb.Actors.Rooms;
using Verb.TestKit.Checking;

namespace Verb.TestKit.Simulation;

/// <summary>A whole cluster in one world: nodes, the database, what lies between them, and the clients.</summary>
internal sealed class SimCluster
{
    private readonly List<SimNode> _nodes = [];
    private readonly List<SimClient> _clients = [];
    private readonly IReadOnlyList<int> _users;

    public SimCluster(SimPlan plan, SimPlants plants, bool keepLines)
    {
        World = new SimWorld(plan.Seed, keepLines);
        Database = new SimDatabase(World) { Plants = plants };
        Network = new SimNetwork(World) { Plants = plants };
        Run = new RunRecord { Found = violation => World.Trace.Add(World.Now, "checker", violation.ToString()) };
        _users = plan.Users;
        for (var number = 1; number <= plan.Nodes; number++)
            _nodes.Add(new SimNode(this, $"node-{number}"));
    }

    public SimWorld World { get; }

    public SimDatabase Database { get; }

    public SimNetwork Network { get; }

    /// <summary>What the clients sent and saw.</summary>
    public RunRecord Run { get; }

    /// <summary>How rooms are kept: nothing of a run is trimmed, and nobody lingers for long.</summary>
    public PolicyTable<RoomPolicy> Rooms { get; } = new([], new RoomPolicy { History = 10_000, LeaveGrace = TimeSpan.FromSeconds(1) });

    public IReadOnlyList<SimNode> Nodes => _nodes;

    public IReadOnlyList<SimClient> Clients => _clients;

    /// <summary>A node beyond those that there were from the beginning.</summary>
    public SimNode Grow()
    {
        var node = new SimNode(this, $"node-{_nodes.Count + 1}");
        _nodes.Add(node);
        return node;
    }

    /// <summary>The clients come.</summary>
    public void Invite()
    {
        for (var number = 0; number < _users.Count; number++)
            _clients.Add(new SimClient(this, Run, number, UserOf(number)));
    }

    /// <summary>The user of a client.</summary>
    public string UserOf(int client) => $"user-{_users[client % _users.Count]}";

    /// <summary>A node that takes clients, as a load balancer would choose it; null where there is none.</summary>
    public SimNode? Choose()
    {
        var ready = _nodes.Where(node => node.IsAlive && node.IsReady).ToList();
        return ready.Count == 0 ? null : ready[World.Random.Next(ready.Count)];
    }
}
