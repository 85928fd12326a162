using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Actors.Nodes;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.TestKit.Checking;
using Verb.TestKit.Dispatching;
using Verb.TestKit.Files;
using Verb.TestKit.Nodes;

namespace Verb.TestKit.Simulation;

/// <summary>A node of the simulated cluster, through all its lives.</summary>
internal sealed class SimNode(SimCluster cluster, string name) : IActorObserver
{
    private static readonly TimeSpan JoinAgainTime = TimeSpan.FromMilliseconds(500);

    private static readonly SocketOptions Sockets = new()
    {
        PingInterval = TimeSpan.FromSeconds(3),
        PingTimeout = TimeSpan.FromSeconds(1),
        SendBufferBytes = 16 * 1024,
        Overflow = OverflowPolicy.DropOldest,
    };

    private static readonly LimitOptions Limits = new() { CommandsPerSecond = 0, RefusedCommands = 0 };

    private int _lives;

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Its process; null before its first life.</summary>
    public SimProcess? Process { get; private set; }

    /// <summary>Its hub.</summary>
    public HubNode? Hub { get; private set; }

    /// <summary>Its actors.</summary>
    public HubSystem? System { get; private set; }

    /// <summary>Whether it takes clients.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether its process is there, running or not.</summary>
    public bool IsAlive => Process is { IsKilled: false };

    /// <summary>Begins a life.</summary>
    public void Start()
    {
        if (IsAlive)
            return;
        var life = ++_lives;
        var process = new SimProcess(cluster.World, name, cluster.World.Draw(TimeSpan.FromSeconds(-3), TimeSpan.FromSeconds(3)));
        cluster.World.Trace.Add(cluster.World.Now, name, "starts");
        Process = process;
        System = new HubSystem(PumpDispatcher.Start(name, process.Tasks, process.Clock), process.Clock, process.Random, this);
        Hub = new HubNode(System, Options(process));
        process.Run(() => Join(process, life), exception => Report(process, exception));
    }

    /// <summary>Ends its life without a word.</summary>
    public void Kill()
    {
        if (!IsAlive)
            return;
        cluster.World.Trace.Add(cluster.World.Now, name, "is killed");
        IsReady = false;
        Process!.Kill();
    }

    /// <summary>Hands its shards over, or takes some again.</summary>
    public void Drain() => Do(hub => hub.DrainAsync(CancellationToken.None));

    /// <summary>Hands over, sends its clients away, leaves, and ends.</summary>
    public void Stop(Action ended)
    {
        if (!IsAlive || !IsReady)
        {
            ended();
            return;
        }

        IsReady = false;
        var process = Process!;
        process.WhenKilled(ended);
        Do(async hub =>
        {
            cluster.World.Trace.Add(cluster.World.Now, name, "stops");
            await hub.DrainAsync(CancellationToken.None);
            foreach (var connection in hub.Connections.All.OrderBy(connection => connection.Path.Name, StringComparer.Ordinal))
                connection.Tell(new ConnectionMessage.CloseWith(CloseReason.ServerShutdown));
            await Task.Delay(TimeSpan.FromMilliseconds(300), process.Clock);
            await hub.LeaveAsync(CancellationToken.None);
            process.Kill();
        });
    }

    /// <summary>A client comes.</summary>
    public SimSocket Connect(ISimSocketOwner client, string user, string clientId)
    {
        var (process, hub) = (Process!, Hub!);
        var socket = new SimSocket(cluster.World, process, client);
        var identity = new Identity(new User(new UserId(user), user, "user"), ["user", "publisher"], null);
        cluster.World.After(cluster.World.Draw(TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(5)), () => process.Run(() => socket.Accept(
            hub,
            new ConnectionSetup
            {
                Id = hub.NextConnectionId(),
                ClientId = new UserId(clientId),
                Session = "",
                Identity = identity,
                Socket = Sockets,
                Limits = Limits,
            }), exception => Report(process, exception)));
        return socket;
    }

    void IActorObserver.DeadLetter(string path, object message) => cluster.World.Trace.Add(cluster.World.Now, name, "dead letter");

    void IActorObserver.Failed(string path, Exception exception, Directive directive)
    {
        cluster.World.Trace.Add(cluster.World.Now, name, cluster.World.Trace.KeepsLines ? $"failed {path}: {exception.Message}" : "failed");
        if (exception is not RoomLostException)
            cluster.Run.Report(ViolationKind.Failure, $"{path} of {name} failed: {exception}");
    }

    private async Task Join(SimProcess process, int life)
    {
        while (true)
        {
            try
            {
                await Hub!.JoinAsync(CancellationToken.None);
                if (life == _lives && !process.IsKilled)
                    IsReady = true;
                cluster.World.Trace.Add(cluster.World.Now, name, "joined");
                return;
            }
            catch (Exception exception) when (exception is ClusterRefusedException or StorageException)
            {
                cluster.World.Trace.Add(cluster.World.Now, name, "cannot join");
                await Task.Delay(JoinAgainTime, process.Clock);
            }
        }
    }

    private void Do(Func<HubNode, Task> action)
    {
        if (Process is { IsKilled: false } process && Hub is { } hub)
            process.Run(() => action(hub), exception => Report(process, exception));
    }

    private void Report(SimProcess process, Exception exception)
    {
        if (exception is StorageException or ClusterRefusedException)
        {
            process.Kill(); // A server that cannot leave in order ends all the same.
            return;
        }

        cluster.Run.Report(ViolationKind.Failure, $"{name}: {exception}");
    }

    private NodeOptions Options(SimProcess process)
    {
        var id = new NodeId(name);
        return new NodeOptions
        {
            Id = id,
            History = new SimHistoryStore(cluster.Database, process, id),
            Inboxes = new SimInboxStore(cluster.Database, process, id),
            Files = new MemoryFileStore(),
            Rooms = cluster.Rooms,
            InOrder = true,
            Authenticator = new TestTokens(process.Clock),
            Requests = new TestRequests(),
            Admin = new TestAdmin(),
            Cluster = new ClusterOptions
            {
                Directory = new SimDirectory(cluster.Database, process),
                Links = new SimLinks(cluster.Network, process),
                Address = $"{name}:1",
            },
        };
    }
}
