using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>
/// One node among several: takes what comes over the links to whom it concerns, and moves its entities as the coordinator says. It decides
/// nothing itself.
/// </summary>
internal sealed class ClusterNode : IShardHolder, INodeLinkEvents
{
    /// <summary>How many topics one catalog message lists.</summary>
    private const int CatalogPage = 500;

    private readonly NodeId _self;
    private readonly Entities _here;
    private readonly INodeLinks _links;
    private readonly NodeAsks _asks;
    private readonly EarlyMessages _early = new();
    private readonly ShardTable _table;
    private readonly Membership _membership;
    private readonly Action<IReadOnlySet<int>> _moved;
    private readonly IActorRef _coordinator;
    private readonly IActorRef _answers;
    private int _linkCount;

    /// <summary>Makes it; <paramref name="moved"/> is told when shards are elsewhere than before.</summary>
    public ClusterNode(
        HubSystem hub, NodeId self, ClusterOptions options, Entities here, NodeAsks asks, ShardTable table, Membership membership,
        Action<IReadOnlySet<int>> moved)
    {
        (_self, _here, _links, _asks, _table, _membership, _moved) = (self, here, options.Links, asks, table, membership, moved);
        here.Catalog.Changed = (topic, listed) =>
            TellPeers(new NodeMessage.Catalog(false, listed ? [topic] : [], listed ? [] : [topic]));
        _answers = hub.Actors.ActorOf(HubSystem.Props(() => new LinkAnswersActor(options.Links)), "link-answers");
        _coordinator = hub.Actors.ActorOf(HubSystem.Props(() => new ShardCoordinator(hub, self, options, table, membership, this, this)), "coordinator");
    }

    /// <summary>How many links stand.</summary>
    public int LinkCount => Volatile.Read(ref _linkCount);

    /// <summary>Becomes a node of the cluster.</summary>
    public Task Join(CancellationToken cancellation) => Ask(done => new CoordinatorMessage.Join(done), cancellation);

    /// <summary>Gives every shard away.</summary>
    public Task Drain(CancellationToken cancellation) => Ask(done => new CoordinatorMessage.Drain(done), cancellation);

    /// <summary>Drains and leaves.</summary>
    public Task Leave(CancellationToken cancellation) => Ask(done => new CoordinatorMessage.Leave(done), cancellation);

    /// <summary>The node's right to write for a shard; null where it has none.</summary>
    public Fence? FenceOf(int shard) => _table[shard] is { State: ShardState.Held or ShardState.Moving } entry ? new Fence(shard, entry.Term) : null;

    /// <summary>A write was refused.</summary>
    public void FenceLost(Fence fence) => _coordinator.Tell(new CoordinatorMessage.FenceLost(fence));

    /// <summary>Tells every peer.</summary>
    public void TellPeers(NodeMessage message)
    {
        foreach (var node in _membership.Nodes)
        {
            if (node.Id != _self)
                _links.Send(node.Id, message);
        }
    }

    /// <inheritdoc/>
    public void Hold(IReadOnlyList<ShardRow> shards)
    {
        Release(shards.Select(row => row.Shard).ToHashSet()); // What is left of an earlier term.
        foreach (var row in shards)
            _early.Release(row.Shard, () => _table.Hold(row.Shard, row.Term, _self), Deliver);
    }

    /// <inheritdoc/>
    public void Release(IReadOnlySet<int> shards)
    {
        _here.Rooms.StopAll(room => shards.Contains(Shards.Of(room)));
        _here.Users.StopAll(user => shards.Contains(Shards.Of(user)));
        _here.Topics.StopAll(topic => shards.Contains(Shards.Of(topic)));
        foreach (var topic in _here.Catalog.Here.Where(topic => shards.Contains(Shards.Of(topic))))
            _here.Catalog.Remove(topic);
    }

    /// <inheritdoc/>
    public void Retire(IReadOnlySet<int> shards)
    {
        _here.Rooms.TellAll(room => shards.Contains(Shards.Of(room)), new RoomMessage.Retire());
        _here.Users.StopAll(user => shards.Contains(Shards.Of(user)));
        _here.Topics.StopAll(topic => shards.Contains(Shards.Of(topic)));
    }

    /// <inheritdoc/>
    public bool AnyAlive(IReadOnlySet<int> shards) => _here.Rooms.AnyAlive(room => shards.Contains(Shards.Of(room)));

    /// <inheritdoc/>
    public void Moved(IReadOnlySet<int> shards)
    {
        if (shards.Count == 0)
            return;
        _early.Forget(shards.Where(shard => _table[shard].State == ShardState.Elsewhere).ToHashSet(), shard => _table[shard].Term);
        _here.Relays.TellAll(room => shards.Contains(Shards.Of(room)), new RelayMessage.RegisterAgain(default));
        _here.TopicRelays.TellAll(topic => shards.Contains(Shards.Of(topic)), new TopicRelayMessage.WhoIsHere());
        _here.Connections.TellAll(new ConnectionMessage.ShardsMoved(shards));
        _moved(shards);
    }

    /// <inheritdoc/>
    public void NodeGone(NodeId node)
    {
        _early.Forget(node);
        _here.Catalog.Forget(node);
        _here.Rooms.TellAll(_ => true, new RoomMessage.NodeGone(node));
        _here.Topics.TellAll(_ => true, new TopicMessage.Detach(node));
        _here.Users.TellAll(_ => true, new UserMessage.NodeGone(node));
    }

    /// <inheritdoc/>
    public void LinkUp(NodeId peer, long session)
    {
        Interlocked.Increment(ref _linkCount);

        // What the peer's connections and relays said over an earlier session may be lost: they say it again.
        _here.Rooms.TellAll(_ => true, new RoomMessage.NodeBack(peer, Break: true));
        _here.Topics.TellAll(_ => true, new TopicMessage.Detach(peer));
        _here.Users.TellAll(_ => true, new UserMessage.NodeGone(peer));
        _here.Catalog.List(topics =>
        {
            for (var i = 0; i == 0 || i < topics.Count; i += CatalogPage)
                _links.Send(peer, new NodeMessage.Catalog(Whole: i == 0, [.. topics.Skip(i).Take(CatalogPage)], []));
        });
        _coordinator.Tell(new CoordinatorMessage.LinkUp(peer, session));
    }

    /// <inheritdoc/>
    public void LinkDown(NodeId peer)
    {
        Interlocked.Decrement(ref _linkCount);
        _coordinator.Tell(new CoordinatorMessage.LinkDown(peer));
    }

    /// <inheritdoc/>
    public void Recovered(NodeId peer, IReadOnlyCollection<RoomId> rooms, IReadOnlyCollection<TopicName> topics)
    {
        foreach (var room in rooms)
            _here.Rooms.TellIfAlive(room, new RoomMessage.NodeBack(peer, Break: false));
        foreach (var topic in topics)
        {
            var term = _table[Shards.Of(topic)].Term;
            _links.Send(peer, new NodeMessage.ToTopicRelay(topic, term, new TopicRelayMessage.WhoIsHere { Term = term }));
        }
    }

    /// <inheritdoc/>
    public void Received(NodeId peer, NodeMessage message)
    {
        switch (message)
        {
            case NodeMessage.ToRoom to:
                Route(Shards.Of(to.Room), to.Term, peer, message);
                break;
            case NodeMessage.ToTopic to:
                Route(Shards.Of(to.Topic), to.Term, peer, message);
                break;
            case NodeMessage.ToUser to:
                Route(Shards.Of(to.User), to.Term, peer, message);
                break;
            case NodeMessage.ToRelay to when to.Term >= _table[Shards.Of(to.Room)].Term:
                ToRelay(peer, to);
                break;
            case NodeMessage.ToTopicRelay to when to.Term >= _table[Shards.Of(to.Topic)].Term:
                to.Message.Term = to.Term;
                _here.TopicRelays.TellIfAlive(to.Topic, to.Message);
                break;
            case NodeMessage.ToConnection to:
                _here.Connections.Tell(to.Connection, to.Message);
                break;
            case NodeMessage.Answered answered:
                _asks.Answered(answered.Ask, answered.Answer);
                break;
            case NodeMessage.Owners owners:
                _coordinator.Tell(new CoordinatorMessage.Owners(owners.Shards));
                break;
            case NodeMessage.Broadcast broadcast:
                Broadcast(broadcast.Event);
                break;
            case NodeMessage.Catalog catalog:
                _here.Catalog.Learn(peer, catalog);
                break;
        }
    }

    private void Broadcast(ReadOnlyMemory<byte> encoded) =>
        _here.Connections.TellAll(new ConnectionMessage.Transient(new Outgoing(encoded, FrameKind.Text)));

    /// <summary>A relay that is not there has no members: it says so without being started.</summary>
    private void ToRelay(NodeId peer, NodeMessage.ToRelay to)
    {
        if (to.Message is RelayMessage.RegisterAgain again && _here.Relays.Find(to.Room) is null)
        {
            _links.Send(peer, new NodeMessage.ToRoom(to.Room, to.Term, new RoomMessage.Register(_self, [], new Position("", 0), again.Stamp)));
            return;
        }

        to.Message.Term = to.Term;
        _here.Relays.Tell(to.Room, to.Message);
    }

    /// <summary>To an owner: here, not yet here, or no longer here.</summary>
    private void Route(int shard, long term, NodeId peer, NodeMessage message)
    {
        if (_early.Any || _table[shard].State != ShardState.Held)
        {
            var fate = _early.Keep(shard, term, peer, message, () => _table[shard] is { State: not ShardState.Held } entry && term > entry.Term);
            if (fate == EarlyMessages.Fate.Refused)
                Overloaded(peer, message);
            if (fate != EarlyMessages.Fate.InTime)
                return;
        }

        var at = _table[shard];
        if (at.State == ShardState.Held)
            Deliver(peer, message);
        else if (at is { State: ShardState.Elsewhere, Owner: { } owner } && term < at.Term)
            _links.Send(peer, new NodeMessage.Owners([new ShardRow(shard, owner, at.Term)]));
    }

    private void Deliver(NodeId peer, NodeMessage message)
    {
        switch (message)
        {
            case NodeMessage.ToRoom to:
                _here.Rooms.Tell(to.Room, _asks.FromWire(to.Message), _answers);
                break;
            case NodeMessage.ToTopic to:
                _here.Topics.Tell(to.Topic, _asks.FromWire(to.Message), _answers);
                break;
            case NodeMessage.ToUser to:
                _here.Users.Tell(to.User, _asks.FromWire(to.Message), _answers);
                break;
        }
    }

    /// <summary>There is no room for it on the owner's side: who asked is told to come back.</summary>
    private void Overloaded(NodeId peer, NodeMessage message)
    {
        var answer = Answer.Refused(CommandError.Overloaded);
        var answered = (message, CallerOf(message)) switch
        {
            (_, Caller.Remote remote) => new NodeMessage.Answered(remote.Ask, answer),
            (NodeMessage.ToRoom to, Caller.Member { Command: > 0 } member) => new NodeMessage.ToRelay(to.Room, to.Term, new RelayMessage.Answered(member, answer)),
            (_, Caller.Member { Command: > 0 } member) => new NodeMessage.ToConnection(member.Connection, new ConnectionMessage.Answered(member.Command, answer)),
            _ => (NodeMessage?)null,
        };
        if (answered is not null)
            _links.Send(peer, answered);
    }

    private static Caller? CallerOf(NodeMessage message) => message switch
    {
        NodeMessage.ToRoom { Message: RoomMessage.Asked asked } => asked.Caller,
        NodeMessage.ToTopic { Message: TopicMessage.Publish publish } => publish.Caller,
        NodeMessage.ToUser { Message: UserMessage.Send send } => send.Caller,
        NodeMessage.ToUser { Message: UserMessage.Acknowledge acknowledge } => acknowledge.Caller,
        _ => null,
    };

    private Task Ask(Func<TaskCompletionSource, CoordinatorMessage> message, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _coordinator.Tell(message(done));
        return done.Task.WaitAsync(cancellation);
    }
}
