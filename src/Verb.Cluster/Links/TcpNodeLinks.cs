using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Verb.Actors.Sharding;
using Verb.Cluster.Links.Handshake;
using Reason = Verb.Cluster.Links.Wire.Refused.Types.Reason;

namespace Verb.Cluster.Links;

/// <summary>
/// Links over TCP: Kestrel's socket transport on a port of its own, which an embedding host's server does not see. Both nodes of a pair dial,
/// and one connection is kept. The port is for a private network: nodes prove that they know the secret, but what they say can be read on the
/// way. TLS would wrap the connection's pipe in <see cref="Accepted"/> and <see cref="Dialler"/>, before the greeting.
/// </summary>
internal sealed class TcpNodeLinks : INodeLinks, IAsyncDisposable
{
    /// <summary>How many may be greeting at once who have not proven themselves; further ones are cut at once.</summary>
    private const int MaxStrangers = 128;

    private readonly LinkOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly LinkRefusalLog _refusals;
    private readonly ConcurrentDictionary<NodeId, Peer> _peers = new();
    private readonly RunningTasks _running = new();
    private CancellationTokenSource _stopping = new();
    private readonly Lock _naming = new();
    private SocketConnectionContextFactory? _connections;
    private IConnectionListener? _listener;
    private LinkIdentity? _identity;
    private INodeLinkEvents? _events;
    private ITimer? _pulse;
    private int _strangers;

    public TcpNodeLinks(LinkOptions options, TimeProvider time, Random random, ILoggerFactory loggers)
    {
        (_options, _time, _random, _loggers) = (options, time, random, loggers);
        _logger = loggers.CreateLogger<TcpNodeLinks>();
        _refusals = new LinkRefusalLog(Counters, time, _logger);
    }

    /// <summary>What went over the links.</summary>
    public LinkCounters Counters { get; } = new();

    /// <summary>Where peers are listened for; null while they are not.</summary>
    public EndPoint? ListeningOn => _listener?.EndPoint;

    /// <inheritdoc/>
    public async ValueTask Start(NodeId self, long incarnation, INodeLinkEvents events, CancellationToken cancellation)
    {
        lock (_naming)
            (_identity, _events, _stopping) = (new LinkIdentity(_options, self, incarnation), events, new CancellationTokenSource());
        _connections = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), _logger);
        _listener = await Listen(cancellation);
        LinkLog.Listening(_logger, _options.Cluster, $"{_listener.EndPoint}");
        _pulse = _time.CreateTimer(static links => ((TcpNodeLinks)links!).Pulse(), this, _options.PingEvery, _options.PingEvery);
        _running.Add(Watched(Accept(_listener)));
    }

    /// <inheritdoc/>
    public void SetPeers(IReadOnlyList<NodeRow> peers)
    {
        lock (_naming)
        {
            if (_stopping.IsCancellationRequested || _identity is not { } identity)
                return;
            var named = peers.Where(row => row.Id != identity.Node).ToDictionary(row => row.Id);
            foreach (var (id, peer) in _peers)
            {
                if (!named.TryGetValue(id, out var row) || row.Incarnation != peer.Incarnation)
                    Forget(peer, row is null ? "it is no node of the cluster any more" : "the peer has begun another life");
            }

            foreach (var row in named.Values)
            {
                if (_peers.TryGetValue(row.Id, out var peer))
                    peer.Address = row.Address;
                else
                    Begin(new Peer(identity.Node, row, _events!, Counters, _logger), identity);
            }
        }
    }

    /// <inheritdoc/>
    public bool Send(NodeId peer, NodeMessage message) => With(peer) is { } link && link.Send(message);

    /// <inheritdoc/>
    public bool Send(NodeId peer, long session, NodeMessage message) => With(peer) is { } link && link.Session == session && link.Send(message);

    /// <summary>The link with a peer that stands.</summary>
    public Link? With(NodeId peer) => _peers.TryGetValue(peer, out var to) ? to.Link : null;

    /// <inheritdoc/>
    public async ValueTask Stop()
    {
        await _stopping.CancelAsync();
        lock (_naming)
        {
            foreach (var peer in _peers.Values)
                Forget(peer, "this node leaves");
        }

        if (_pulse is not null)
            await _pulse.DisposeAsync();
        if (_listener is not null)
        {
            await _listener.UnbindAsync();
            await _listener.DisposeAsync();
        }

        await _running.Ended();
        _connections?.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stop();

    private async Task<IConnectionListener> Listen(CancellationToken cancellation)
    {
        try
        {
            var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), _loggers);
            return await transport.BindAsync(await HostPort.Resolve(_options.Listen, cancellation), cancellation);
        }
        catch (Exception problem) when (problem is FormatException or SocketException or IOException or AddressInUseException)
        {
            throw new ClusterRefusedException(
                $"Verb:Cluster:Listen is {_options.Listen}: {problem.Message.TrimEnd('.')}. Give it an address of this machine with a free port.");
        }
    }

    private void Begin(Peer peer, LinkIdentity identity)
    {
        _peers[peer.Id] = peer;
        var dialler = new Dialler(peer, identity, _options, Counters, _time, Draw, _connections!, _refusals, _logger);
        _running.Add(Watched(Dial(peer, dialler)));
    }

    private void Forget(Peer peer, string why)
    {
        _peers.TryRemove(peer.Id, out _);
        peer.Forget(why);
    }

    private static async Task Dial(Peer peer, Dialler dialler)
    {
        await using (peer)
            await dialler.Run();
    }

    private void Pulse()
    {
        foreach (var (_, peer) in _peers)
            peer.Link?.Pulse();
    }

    private async Task Accept(IConnectionListener listener)
    {
        while (await listener.AcceptAsync() is { } connection)
            _running.Add(Watched(Accepted(connection)));
    }

    private async Task Accepted(ConnectionContext connection)
    {
        await using var _ = connection;
        if (Interlocked.Increment(ref _strangers) > MaxStrangers)
            connection.Abort();
        var greeting = new LinkGreeting(_identity!, connection.Transport);
        Link? link = null;
        try
        {
            using var patience = new CancellationTokenSource(_options.Greeting, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
            AcceptedGreeting accepted;
            try
            {
                accepted = await greeting.Accept(both.Token);
            }
            finally
            {
                Interlocked.Decrement(ref _strangers);
            }

            if (Against(accepted, out var peer) is { } reason)
                throw await greeting.Refuse(reason, both.Token);
            link = new Link(connection, peer!, LinkSide.Acceptor, _options, Counters, _logger);
            if (!peer!.Seat(link))
                throw await greeting.Refuse(Reason.AlreadyLinked, both.Token);
            await link.Run(() => accepted.Welcome(both.Token));
        }
        catch (LinkRefusedException refused)
        {
            _refusals.Write(refused, null, $"{connection.RemoteEndPoint}");
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Who came has left before it said who it is, or took too long.
            Counters.OnRefused();
        }
    }

    private Reason? Against(AcceptedGreeting accepted, out Peer? peer) =>
        !_peers.TryGetValue(accepted.Peer, out peer) || accepted.Incarnation > peer.Incarnation ? Reason.NotKnownYet
        : accepted.Incarnation < peer.Incarnation ? Reason.Superseded
        : null;

    private double Draw()
    {
        lock (_random)
            return _random.NextDouble();
    }

    private async Task Watched(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception bug)
        {
            LinkLog.Failed(_logger, bug);
        }
    }
}
