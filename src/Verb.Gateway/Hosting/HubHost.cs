using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Verb.Actors.Kernel;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Gateway.Auth;
using Verb.Gateway.Health;
using Verb.Gateway.Limits;
using Verb.Gateway.Requests;
using Verb.Gateway.Settings;
using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Hosting;

/// <summary>Holds the hub's node while the host runs: opens the stores, starts the actors, and ends both in order.</summary>
internal sealed class HubHost : IHostedLifecycleService, IAsyncDisposable
{
    private readonly Stores _stores;
    private readonly Drain _drain;
    private readonly CapacityGate _capacity;
    private readonly TimeProvider _clock;
    private bool _disposed;

    public HubHost(
        VerbOptions options,
        ITokenVerifier verifier,
        RequestHandlers requests,
        CapacityGate capacity,
        TimeProvider clock,
        ILoggerFactory loggers)
    {
        VerbSettings.Check(options, hostVerifiesTokens: verifier is not NoTokens);
        _stores = Stores.Open(options, clock);
        _capacity = capacity;
        _clock = clock;
        System = new ActorSystem(new ActorSystemOptions
        {
            Clock = clock,
            Dispatcher = new ThreadPoolDispatcher(),
            Random = Random.Shared,
            Observer = new KernelLog(loggers.CreateLogger<ActorSystem>()),
        });
        var storageLog = new StorageLog(loggers.CreateLogger<StorageLog>(), clock);
        var admin = new AdminCommands();
        Node = new HubNode(System, new NodeOptions
        {
            Id = new NodeId(NodeName()),
            History = new WatchedHistoryStore(_stores.History, storageLog),
            Inboxes = new WatchedInboxStore(_stores.Inboxes, storageLog),
            Files = _stores.Files,
            Rooms = options.RoomPolicies(),
            Topics = options.TopicPolicies(),
            Authenticator = new TokenAuthenticator(verifier),
            Requests = requests,
            Admin = admin,
        });
        _drain = new Drain(Node.Connections, _ => Task.CompletedTask, options.Drain, clock, Random.Shared, loggers.CreateLogger<Drain>());
        admin.Attach(this);
        Sweep = new DeadlineSweep(clock);
        StartedAt = clock.GetUtcNow();
        Readiness = new Readiness(() => _drain.HasBegun, _stores.Touch, clock);
    }

    public ActorSystem System { get; }

    public HubNode Node { get; }

    public DeadlineSweep Sweep { get; }

    public CloseCounts Closes { get; } = new();

    public DateTimeOffset StartedAt { get; }

    public Readiness Readiness { get; }

    public Stores Stores => _stores;

    public Drain Drain => _drain;

    public HubStatus Status => new(
        Node.Id.Value,
        Node.Connections.Count,
        Node.RoomCount,
        Node.TopicCount,
        (long)(_clock.GetUtcNow() - StartedAt).TotalSeconds,
        _capacity.Accepted,
        _capacity.Rejected,
        [Node.Id.Value]);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
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
        await System.DisposeAsync();
        await _stores.DisposeAsync();
        Sweep.Dispose();
        _drain.Dispose();
    }

    private static string NodeName()
    {
        var name = Environment.MachineName;
        return name.Length <= 64 ? name : name[..64];
    }
}
