using Verb.Actors.Nodes;
using Verb.Contracts;
using Verb.TestKit.Checking;

namespace Verb.TestKit.Simulation;

/// <summary>
/// One run of a plan: the cluster starts, clients work while things go wrong, faults end, and when all is quiet it is judged what clients were
/// told against what is there.
/// </summary>
internal sealed class SimRun
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);

    /// <summary>After the last fault: leases run out, shards find owners, clients come back, and what was asked too early is asked again.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(60);

    /// <summary>Rooms, users and relays that nobody uses go to sleep within that time.</summary>
    private static readonly TimeSpan SleepTime = TimeSpan.FromSeconds(150);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    private readonly SimPlan _plan;
    private readonly SimCluster _cluster;
    private readonly SimFaults _faults;

    private SimRun(SimPlan plan, SimPlants plants, bool keepLines)
    {
        _plan = plan;
        _cluster = new SimCluster(plan, plants, keepLines);
        _faults = new SimFaults(_cluster);
    }

    private SimWorld World => _cluster.World;

    /// <summary>Runs a plan.</summary>
    public static SimResult Of(SimPlan plan, SimPlants? plants = null, bool keepLines = false)
    {
        var run = new SimRun(plan, plants ?? new SimPlants(), keepLines);
        run.Go();
        return run.Result();
    }

    private SimResult Result()
    {
        var acknowledged = _cluster.Run.Published.Count(sent => sent.AckedAt is not null);
        return new SimResult(
            _plan, _cluster.Run.Violations, World.Trace.Hash, World.Trace.Count, World.Steps, acknowledged, _cluster.Database.OwnerChanges, World.Trace.Lines);
    }

    private void Go()
    {
        foreach (var node in _cluster.Nodes)
            node.Start();
        if (!Await(IsWhole, StartTime))
        {
            Report(ViolationKind.Stuck, $"the cluster does not start: {Describe()}");
            return;
        }

        _cluster.Invite();
        foreach (var step in _plan.Steps)
            World.After(TimeSpan.FromMilliseconds(step.At), () => _cluster.Clients[step.Client].Take(step));
        foreach (var fault in _plan.Faults)
            World.After(TimeSpan.FromMilliseconds(fault.At), () => _faults.Begin(fault));
        World.Run(TimeSpan.FromMilliseconds(_plan.Lasts));
        _faults.EndAll();
        if (!Await(() => IsWhole() && _cluster.Clients.All(client => client.IsContent) && IsEven(), QuietTime))
            Report(ViolationKind.Stuck, $"it does not come to rest: {Describe()}");
        foreach (var client in _cluster.Clients)
            client.Rests = true;
        World.Run(TimeSpan.FromSeconds(2));
        Judge();
        if (_cluster.Run.Violations.Count == 0)
            Clear();
    }

    /// <summary>Every shard has an owner that knows it, and everybody is linked to everybody.</summary>
    private bool IsWhole()
    {
        var alive = _cluster.Nodes.Where(node => node.IsAlive).ToList();
        return alive.TrueForAll(node => node.IsReady && node.Hub!.LinkCount == alive.Count - 1 && node.Hub.Nodes.Count == alive.Count)
            && Enumerable.Range(0, Actors.Sharding.Shards.Count).All(shard => alive.Count(node => node.Hub!.Owns(shard)) == 1);
    }

    /// <summary>Every member has seen all there is.</summary>
    private bool IsEven() => _cluster.Clients.All(client => client.Record.Rooms.All(room =>
        _cluster.Database.Room(room) is not { } record || record.LastSeq == client.Record.Room(room).Seq));

    private void Judge()
    {
        // A room that nobody has asked anything since its owner was lost is loaded now, and hears who is here.
        foreach (var number in Enumerable.Range(0, SimPlan.Rooms).Where(number => _cluster.Database.Room($"room-{number}") is not null))
            Ask(_cluster.Nodes.First(node => node.IsAlive), hub => hub.GetRoomAsync(new RoomId($"room-{number}")));
        World.Run(TimeSpan.FromSeconds(1));
        List<RoomTruth> truths = [];
        for (var number = 0; number < SimPlan.Rooms; number++)
        {
            var room = $"room-{number}";
            if (_cluster.Database.Room(room) is not { } record)
                continue;
            var messages = record.Tail.Select(stored => new TrueMessage(stored.Seq, stored.From.Id.Value, stored.MessageId)).ToList();
            truths.Add(new RoomTruth(room, record.Epoch, messages, MembersOf(room)));
        }

        HistoryChecker.Check(_cluster.Run, truths);
        CheckTopics();
    }

    /// <summary>The members as every node names them.</summary>
    private IReadOnlyCollection<string>? MembersOf(string room)
    {
        IReadOnlyCollection<string>? named = null;
        foreach (var node in _cluster.Nodes.Where(node => node.IsAlive))
        {
            var answer = Ask(node, hub => hub.GetMembersAsync(new RoomId(room)));
            if (answer?.Body is not ReplyBody.MemberPage members)
            {
                Report(ViolationKind.Stuck, $"{node.Name} does not say who is in '{room}': {answer?.Error?.Code.ToString() ?? "no answer"}");
                continue;
            }

            var users = members.Members.Select(user => user.Id.Value).ToList();
            if (members.UserCount != users.Count)
                Report(ViolationKind.Ghost, $"{node.Name} counts {members.UserCount} users in '{room}', and names {string.Join(' ', users)}");
            named ??= users;
        }

        return named;
    }

    /// <summary>What is published now comes to every subscriber.</summary>
    private void CheckTopics()
    {
        for (var number = 0; number < SimPlan.Topics; number++)
        {
            var topic = new TopicName($"topic-{number}");
            var node = _cluster.Nodes.First(node => node.IsAlive);
            var answer = Ask(node, hub => hub.PublishAsync(topic, "\"last\""u8.ToArray()));
            if (answer?.Body is not ReplyBody.TopicPublished published)
            {
                Report(ViolationKind.Stuck, $"{node.Name} does not take an update of {topic}: {answer?.Error?.Code.ToString() ?? "no answer"}");
                continue;
            }

            foreach (var client in _cluster.Clients.Where(client => client.Subscribed.Contains(topic.Value)))
            {
                if (client.Record.TopicSeq(topic.Value) != published.Seq)
                    Report(ViolationKind.Lost, $"{client.Record.User} hears {client.Record.TopicSeq(topic.Value)} of {topic}, which is at {published.Seq}");
            }
        }
    }

    private Answer? Ask(SimNode node, Func<HubNode, Task<Answer>> question)
    {
        Task<Answer>? asked = null;
        node.Process!.Post(() => asked = question(node.Hub!));
        World.Run(TimeSpan.FromMilliseconds(300));
        if (asked is not { IsCompleted: true })
            World.Run(TimeSpan.FromSeconds(11));
        return asked is { IsCompletedSuccessfully: true } ? asked.Result : null;
    }

    /// <summary>When everybody has gone, everything that was there for them goes, too.</summary>
    private void Clear()
    {
        foreach (var client in _cluster.Clients)
            client.Finish();
        World.Run(SleepTime);
        foreach (var node in _cluster.Nodes.Where(node => node.IsAlive))
        {
            var (hub, system) = (node.Hub!, node.System!);
            if (hub.Connections.Count > 0)
                Report(ViolationKind.Leak, $"{node.Name} has {hub.Connections.Count} connections left: {string.Join(' ', hub.Connections.All.Select(actor => actor.Path))}");
            if (hub.RoomCount > 0)
                Report(ViolationKind.Leak, $"{node.Name} has {hub.RoomCount} rooms left");

            // Topics with a value, each of which waits to be forgotten.
            if (hub.ActorCount != hub.TopicCount)
                Report(ViolationKind.Leak, $"{node.Name} has {hub.ActorCount} actors left with {hub.TopicCount} topics");
            if (system.Timers.Count != hub.TopicCount)
                Report(ViolationKind.Leak, $"{node.Name} has {system.Timers.Count} timers left with {hub.TopicCount} topics");
        }
    }

    private bool Await(Func<bool> condition, TimeSpan time)
    {
        for (var end = World.Now + time.Ticks; World.Now < end;)
        {
            World.Run(Glance);
            if (condition())
                return true;
        }

        return false;
    }

    private string Describe()
    {
        var nodes = _cluster.Nodes.Where(node => node.IsAlive).Select(node =>
            $"{node.Name} {(node.IsReady ? "" : "not ready ")}owns {node.Hub!.ShardCount}, has {node.Hub.LinkCount} links, knows {node.Hub.Nodes.Count} nodes");
        var clients = _cluster.Clients.Where(client => !client.IsContent).Select(client => client.Wants);
        var behind = _cluster.Clients.SelectMany(client => client.Record.Rooms.Select(room => (client, room)))
            .Where(pair => _cluster.Database.Room(pair.room) is { } record && record.LastSeq != pair.client.Record.Room(pair.room).Seq)
            .Select(pair => $"{pair.client.Record.Room(pair.room)} is at {pair.client.Record.Room(pair.room).Seq} of {_cluster.Database.Room(pair.room)!.LastSeq}");
        return string.Join("; ", nodes.Concat(clients).Concat(behind));
    }

    private void Report(ViolationKind kind, string text) => _cluster.Run.Report(kind, text);
}
