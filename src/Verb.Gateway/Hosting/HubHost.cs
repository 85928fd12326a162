using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Health;
using Verb.Gateway.Limits;
using Verb.Gateway.Metrics;
using Verb.Gateway.Requests;
using Verb.Gateway.Settings;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Hosting;

/// <summary>
/// Holds the hub's node while the host runs: opens the stores, starts the actors, joins the cluster where there is one, and ends all of it in
/// order.
/// </summary>
internal sealed partial class HubHost : IHostedLifecycleService, IVerbNode, IAsyncDisposable
{
    /// <summary>How long leaving the cluster may take; then its peers find out by its lease.</summary>
    public static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    /// <summary>What runs once in a cluster runs where this shard is owned.</summary>
    private const int LeadingShard = 0;

    private readonly VerbOptions _options;
    private readonly Stores _stores;
    private readonly ClusterPorts? _cluster;
    private readonly Drain _drain;
    private readonly CapacityGate _capacity;
    private readonly TimeProvider _clock;
    private readonly ILogger<HubHost> _log;
    private readonly long _startedAt;
    private bool _hasJoined;
    private bool _disposed;

    public HubHost(
        VerbOptions options,
        ITokenVerifier verifier,
        RequestHandlers requests,
        CapacityGate capacity,
        FileLinks links,
        TimeProvider clock,
        ILoggerFactory loggers)
    {
        VerbSettings.Check(options, hostVerifiesTokens: verifier is not NoTokens);
        _options = options;
        var id = new NodeId(options.Cluster.NodeId ?? MachineName());
        _stores = Stores.Open(options, id, clock);
        _capacity = capacity;
        _clock = clock;
        _log = loggers.CreateLogger<HubHost>();
        System = new HubSystem(HubActors.Start(clock, loggers), clock, Random.Shared, new ActorLog(loggers.CreateLogger<ActorLog>(), clock));
        var storageLog = new StorageLog(loggers.CreateLogger<StorageLog>(), clock);
        StoreCounters = storageLog.Counters;
        _cluster = options.Cluster.IsOn ? ClusterPorts.Make(options, clock, storageLog, loggers) : null;
        var admin = new AdminCommands();
        Node = new HubNode(System, new NodeOptions
        {
            Id = id,
            History = new WatchedHistoryStore(_stores.History, storageLog),
            Inboxes = new WatchedInboxStore(_stores.Inboxes, storageLog),
            Files = _stores.Files,
            FileLinks = links,
            Fences = _stores.Fences,
            Rooms = options.RoomPolicies(),
            Topics = options.TopicPolicies(),
            Authenticator = new TokenAuthenticator(verifier),
            Requests = requests,
            Admin = admin,
            Cluster = _cluster?.Options,
        });
        _drain = new Drain(Node.Connections, Node.DrainAsync, options.Drain, clock, Random.Shared, loggers.CreateLogger<Drain>());
        admin.Attach(this);
        Sweep = new DeadlineSweep(clock);
        _startedAt = clock.GetTimestamp();
        Readiness = new Readiness(() => _drain.HasBegun, () => Node.HasLease, _stores.Touch, clock);
    }

    public HubSystem System { get; }

    public HubNode Node { get; }

    public DeadlineSweep Sweep { get; }

    public CloseCounts Closes { get; } = new();

    public RefusalCounts Refusals { get; } = new();

    public Readiness Readiness { get; }

    public Stores Stores => _stores;

    public StoreCounters StoreCounters { get; }

    public Drain Drain => _drain;

    /// <summary>Null where the node is alone.</summary>
    public ClusterPorts? Cluster => _cluster;

    public string Name => Node.Id.Value;

    public bool IsLeader => Node.HasLease && Node.Owns(LeadingShard);

    /// <summary>The names of the cluster's nodes, as last read; this one's, where it is alone.</summary>
    public IReadOnlyList<string> NodeNames => Node.Nodes.Count == 0 ? [Name] : [.. Node.Nodes.Select(node => node.Id.Value).Order(StringComparer.Ordinal)];

    public HubStatus Status => new(
        Node.Id.Value,
        Node.Connections.Count,
        Node.RoomCount,
        Node.TopicCount,
        (long)_clock.GetElapsedTime(_startedAt).TotalSeconds,
        _capacity.Accepted,
        _capacity.Rejected,
        NodeNames,
        Node.ShardCount,
        Node.LinkCount);

    /// <summary>Before the web server listens: who connects finds a node of the cluster.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await Node.JoinAsync(cancellationToken);
        _hasJoined = true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        DescriptorLimit.Check(DescriptorLimit.Read(), OpenHandles.Count(), _options.Limits.Connections, _log);
        Readiness.Ready();
        return Task.CompletedTask;
    }

    /// <summary>Before the web server stops: the clients are told, given time, and closed.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => _drain.Run(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After the web server has stopped: nothing comes in any more.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await Leave();
        await System.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await _stores.DisposeAsync();
        Sweep.Dispose();
        _drain.Dispose();
    }

    private async Task Leave()
    {
        if (!_hasJoined)
            return;
        using var tooLong = new CancellationTokenSource(LeaveTime, _clock);
        try
        {
            await Node.LeaveAsync(tooLong.Token).WaitAsync(tooLong.Token);
        }
        catch (Exception cause) when (cause is OperationCanceledException or StorageException)
        {
            LogNotLeft(_log, cause is StorageException ? cause.Message : $"it took longer than {LeaveTime.TotalSeconds:0} s");
        }
    }

    private static string MachineName()
    {
        var name = Environment.MachineName;
        return name.Length <= Identifier.MaxLabelLength ? name : name[..Identifier.MaxLabelLength];
    }

    [LoggerMessage(1708, LogLevel.Warning, "The node could not leave the cluster in order: {Reason}")]
    private static partial void LogNotLeft(ILogger log, string reason);
}
