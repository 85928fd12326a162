using Microsoft.Extensions.Logging;
using Verb.Actors.Sharding;
using Verb.Cluster.Links;
using Verb.Contracts;

namespace Verb.Cluster.Tests.Links;

/// <summary>A node that has nothing but links, and writes down what they tell and log.</summary>
internal sealed class TestNode : INodeLinkEvents, IAsyncDisposable
{
    /// <summary>No peer is silent for so long, however busy the machine is.</summary>
    public static readonly LinkOptions Patient = new()
    {
        Listen = "127.0.0.1:0", Cluster = "test", Secret = "a secret of the tests", SilentPings = 1000, Greeting = TimeSpan.FromSeconds(30),
    };

    private readonly LogLines _log = new();

    private TestNode(string id, long incarnation, LinkOptions options, TimeProvider time)
    {
        (Id, Incarnation) = (new NodeId(id), incarnation);
        Links = new TcpNodeLinks(options, time, new Random(7), _log);
    }

    public NodeId Id { get; }

    public long Incarnation { get; }

    public TcpNodeLinks Links { get; }

    /// <summary>What the links told, as text: <c>up b</c>, <c>down b</c>.</summary>
    public Watched<string> Told { get; } = new();

    /// <summary>The numbers of the sessions it was told of.</summary>
    public Watched<long> Sessions { get; } = new();

    public Watched<NodeMessage> Received { get; } = new();

    public Watched<LinkRecovery> Recoveries { get; } = new();

    public Watched<LogLine> Log => _log.Lines;

    public Action<NodeId> OnUp { get; set; } = static _ => { };

    /// <summary>As the directory lists it.</summary>
    public NodeRow Row => new(Id, Incarnation, $"{Links.ListeningOn}", Draining: false, Expired: false);

    public static async Task<TestNode> Start(string id, LinkOptions? options = null, TimeProvider? time = null, long incarnation = 1)
    {
        var node = new TestNode(id, incarnation, options ?? Patient, time ?? TimeProvider.System);
        await node.Links.Start(node.Id, incarnation, node, CancellationToken.None);
        return node;
    }

    /// <summary>Two nodes with a link, which only one of them can dial.</summary>
    public static async Task<(TestNode A, TestNode B)> Pair(LinkOptions? options = null)
    {
        var (a, b) = (await Start("a", options), await Start("b", options));
        a.Links.SetPeers([a.Row, b.Row]);
        b.Links.SetPeers([a.Row with { Address = "127.0.0.1:1" }, b.Row]);
        await a.Told.Until("up b");
        await b.Told.Until("up a");
        return (a, b);
    }

    public void LinkUp(NodeId peer, long session)
    {
        OnUp(peer);
        Sessions.Add(session);
        Told.Add($"up {peer}");
    }

    void INodeLinkEvents.LinkDown(NodeId peer) => Told.Add($"down {peer}");

    void INodeLinkEvents.Received(NodeId peer, NodeMessage message) => Received.Add(message);

    void INodeLinkEvents.Recovered(NodeId peer, IReadOnlyCollection<RoomId> rooms, IReadOnlyCollection<TopicName> topics) =>
        Recoveries.Add(new LinkRecovery(rooms, topics));

    public ValueTask DisposeAsync() => Links.Stop();
}

/// <summary>A line of the log.</summary>
internal sealed record LogLine(int Event, LogLevel Level, string Text);

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    public Watched<LogLine> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is >= 1800 and < 1900)
            Lines.Add(new LogLine(eventId.Id, logLevel, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
