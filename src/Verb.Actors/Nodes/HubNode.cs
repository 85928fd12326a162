using System.Collections.Concurrent;
using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes.Cluster;
using Verb.Actors.Regions;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Nodes;

/// <summary>One node of the hub, alone or one of several: its rooms, topics, users and connections, wired to each other.</summary>
internal sealed class HubNode : IVerbHub
{
    /// <summary>How long the host application waits for a room, a topic or a user.</summary>
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    private readonly HubSystem _hub;
    private readonly IActorRef _parent;
    private readonly NodeId _id;
    private readonly LocalRegion<RoomId> _rooms;
    private readonly LocalRegion<TopicName> _topics;
    private readonly LocalRegion<UserId> _users;
    private readonly LocalRegion<RoomId> _relays;
    private readonly LocalRegion<TopicName> _topicRelays;
    private readonly ConnectionEnvironment _environment;
    private readonly Membership _membership;
    private readonly ShardTable? _table;
    private readonly NodeAsks? _asks;
    private readonly ClusterNode? _cluster;
    private readonly ConcurrentDictionary<AnswerPromise, Question> _questions = new();
    private long _lastConnection;

    /// <summary>Makes a node; its actors live in <paramref name="hub"/>. One of several is in no cluster before <see cref="JoinAsync"/>.</summary>
    public HubNode(HubSystem hub, NodeOptions options)
    {
        _hub = hub;
        _id = options.Id;
        _membership = new Membership(hub.Clock);
        RelayDrops = hub.Refused("relay");
        IShardRegion<RoomId>? allRooms = null;
        IShardRegion<TopicName>? allTopics = null;
        RoomEnvironment? rooms = null;
        TopicEnvironment? topics = null;
        UserEnvironment? users = null;

        _parent = hub.Actors.ActorOf(HubSystem.Props(() => new ConnectionsActor(hub.Stop)), "connections");
        _relays = new(hub, "room-relays", "relay", (room, slot) => new RelayActor(room, slot, new RelayEnvironment(hub, options.Id, Connections, allRooms!, RelayDrops)), options.InOrder);
        _topicRelays = new(hub, "topic-relays", "relay", (topic, slot) => new TopicRelayActor(topic, slot, new TopicRelayEnvironment(hub, options.Id, Connections, allTopics!)), options.InOrder);
        _rooms = new(hub, "rooms", "entity", (room, slot) => new RoomActor(room, slot, rooms!), options.InOrder);
        _topics = new(hub, "topics", "entity", (topic, slot) => new TopicActor(topic, slot, topics!), options.InOrder);
        _users = new(hub, "users", "entity", (user, slot) => new UserActor(user, slot, users!), options.InOrder);

        var localRelays = new LocalRelays(_relays, hub.Clock);
        var localTopicRelays = new LocalTopicRelays(_topicRelays);
        IShardRegion<UserId> allUsers;
        if (options.Cluster is { } cluster)
        {
            _lastConnection = hub.Clock.GetUtcNow().ToUnixTimeMilliseconds() << 20; // No number of an earlier life of this node comes again.
            var links = cluster.Links;
            var table = _table = new ShardTable();
            var asks = _asks = new NodeAsks(_id, links);
            var connections = new ClusterConnections(_id, Connections, links);
            _cluster = new ClusterNode(
                hub, _id, cluster, new Entities(_rooms, _relays, _topics, _topicRelays, _users, Connections, Catalog), asks, table, _membership, _ => AskAgain());
            rooms = new RoomEnvironment(
                hub, _id, options.History, new ClusterRelays(_id, localRelays, links, _membership), options.Rooms,
                room => _cluster.FenceOf(Shards.Of(room)), _cluster.FenceLost, () => _membership.HasLease);
            topics = new TopicEnvironment(
                hub, new ClusterTopicRelays(_id, localTopicRelays, table, links, _membership), connections, Catalog, topic => _cluster.FenceOf(Shards.Of(topic))?.Term);
            users = new UserEnvironment(hub, options.Inboxes, connections, user => _cluster.FenceOf(Shards.Of(user)), _cluster.FenceLost);
            allRooms = new ClusterRegion<RoomId, RoomMessage>(
                _rooms, table, links, Shards.Of, (room, term, message) => new NodeMessage.ToRoom(room, term, asks.ToWire(message)));
            allTopics = new ClusterRegion<TopicName, TopicMessage>(
                _topics, table, links, Shards.Of, (topic, term, message) => new NodeMessage.ToTopic(topic, term, asks.ToWire(message)));
            allUsers = new ClusterRegion<UserId, UserMessage>(
                _users, table, links, Shards.Of, (user, term, message) => new NodeMessage.ToUser(user, term, asks.ToWire(message)));
        }
        else
        {
            Func<int, Fence> fenceOf = options.Fences is { } fences ? shard => fences[shard] : static shard => new Fence(shard, 1);
            rooms = new RoomEnvironment(hub, _id, options.History, localRelays, options.Rooms, room => fenceOf(Shards.Of(room)));
            topics = new TopicEnvironment(hub, localTopicRelays, Connections, Catalog, _ => 1);
            users = new UserEnvironment(hub, options.Inboxes, Connections, user => fenceOf(Shards.Of(user)));
            (allRooms, allTopics, allUsers) = (_rooms, _topics, _users);
        }

        _environment = new ConnectionEnvironment
        {
            Hub = hub,
            Rooms = allRooms,
            RoomRelays = _relays,
            TopicRelays = _topicRelays,
            Topics = allTopics,
            Users = allUsers,
            Connections = Connections,
            Catalog = Catalog,
            TopicPolicies = options.Topics,
            Authenticator = options.Authenticator,
            Requests = options.Requests,
            Admin = options.Admin,
            Files = options.Files,
            FileLinks = options.FileLinks,
            Counters = Counters,
            ShardVersion = _table is { } all ? () => all.Version : static () => 0,
        };
    }

    /// <summary>The node's name.</summary>
    public NodeId Id => _id;

    /// <summary>The connections of this node.</summary>
    public ConnectionDirectory Connections { get; } = new();

    /// <summary>The topics that have a value.</summary>
    public TopicCatalog Catalog { get; } = new();

    /// <summary>What the connections have done so far.</summary>
    public ConnectionCounters Counters { get; } = new();

    /// <summary>What relays of rooms did not tell their members, because they were behind.</summary>
    public RefusedMessages.Count RelayDrops { get; }

    /// <summary>The nodes of the cluster, this one among them, as last read; a node that is alone knows of none.</summary>
    public IReadOnlyList<NodeRow> Nodes => _membership.Nodes;

    /// <summary>How many shards the node owns.</summary>
    public int ShardCount => _table?.HeldCount ?? Shards.Count;

    /// <summary>How many links to peers stand.</summary>
    public int LinkCount => _cluster?.LinkCount ?? 0;

    /// <summary>Whether the node may count itself in the cluster by its own clock; a node that is alone always.</summary>
    public bool HasLease => _cluster is null || _membership.HasLease;

    /// <summary>How long ago the lease was renewed.</summary>
    public TimeSpan LeaseAge => _cluster is null ? TimeSpan.Zero : _membership.LeaseAge;

    /// <summary>Whether the node owns a shard.</summary>
    public bool Owns(int shard) => _table is null || _table[shard].State == ShardState.Held;

    /// <summary>How many rooms are alive.</summary>
    public int RoomCount => _rooms.Count;

    /// <summary>How many actors are alive: connections, and the entities and relays of every kind.</summary>
    public int ActorCount => Connections.Count + _rooms.Count + _topics.Count + _users.Count + _relays.Count + _topicRelays.Count;

    /// <summary>How many topics have a value.</summary>
    public int TopicCount => Catalog.Count;

    /// <summary>Becomes a node of its cluster; completes once it is one.</summary>
    /// <exception cref="ClusterRefusedException">The cluster does not take it.</exception>
    /// <exception cref="Durability.StorageException">The directory cannot be used.</exception>
    public Task JoinAsync(CancellationToken cancellation) => _cluster?.Join(cancellation) ?? Task.CompletedTask;

    /// <summary>Gives every shard to other nodes and takes none from now on; the node stays in the cluster.</summary>
    public Task DrainAsync(CancellationToken cancellation) => _cluster?.Drain(cancellation) ?? Task.CompletedTask;

    /// <summary>Gives every shard away and leaves the cluster.</summary>
    public Task LeaveAsync(CancellationToken cancellation) => _cluster?.Leave(cancellation) ?? Task.CompletedTask;

    /// <summary>An id for a new connection.</summary>
    public ConnectionId NextConnectionId() => new(_id, Interlocked.Increment(ref _lastConnection));

    /// <summary>Starts the actor of a connection that shook hands. The gateway's reader feeds it.</summary>
    public Task<IActorRef> Connect(ConnectionSetup setup, IClientSocket socket)
    {
        var started = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        var props = HubSystem.Props(() => new ConnectionActor(setup, socket, _environment), "connection");
        _parent.Tell(new ConnectionsActor.Start(props, $"{setup.Id.Number}", started), ActorRefs.NoSender);
        return started.Task;
    }

    /// <inheritdoc/>
    public Task<Answer> PublishAsync(
        RoomId room, ReadOnlyMemory<byte> message, string? messageId = null, User? from = null, CancellationToken cancellation = default) =>
        AskRoom(room, caller => new RoomMessage.Publish(caller, message, messageId, from ?? User.Application), cancellation);

    /// <inheritdoc/>
    public Task<Answer> PublishAsync(TopicName topic, ReadOnlyMemory<byte> value, CancellationToken cancellation = default) =>
        Ask(_environment.Topics, topic, caller => new TopicMessage.Publish(caller, value), cancellation);

    /// <inheritdoc/>
    public Task<Answer> NotifyAsync(UserId user, ReadOnlyMemory<byte> body, string? messageId = null, CancellationToken cancellation = default) =>
        Ask(_environment.Users, user, caller => new UserMessage.Send(caller, null, body, messageId), cancellation);

    /// <inheritdoc/>
    public int Broadcast(ReadOnlyMemory<byte> body)
    {
        var encoded = WireFormat.Event(new ServerEvent.Broadcast(body, _hub.Clock.GetUtcNow().ToUnixTimeMilliseconds()));
        _cluster?.TellPeers(new NodeMessage.Broadcast(encoded));
        var told = new ConnectionMessage.Transient(new Outgoing(encoded, FrameKind.Text));
        return Connections.TellAll(told);
    }

    /// <inheritdoc/>
    public Task<Answer> KickAsync(UserId user, CancellationToken cancellation = default) =>
        Ask(_environment.Users, user, caller => new UserMessage.Kick(caller), cancellation);

    /// <inheritdoc/>
    public Task<Answer> CloseRoomAsync(RoomId room, CancellationToken cancellation = default) =>
        AskRoom(room, caller => new RoomMessage.Close(caller), cancellation);

    /// <inheritdoc/>
    public Task<Answer> GetRoomAsync(RoomId room, Identity? reader = null, CancellationToken cancellation = default) =>
        AskRoom(room, caller => new RoomMessage.GetState(caller, reader), cancellation);

    /// <inheritdoc/>
    public Task<Answer> GetMembersAsync(
        RoomId room, string? after = null, int limit = Command.Members.MaxLimit, Identity? reader = null, CancellationToken cancellation = default) =>
        AskRoom(room, caller => new RoomMessage.GetMembers(caller, reader, after, limit), cancellation);

    /// <inheritdoc/>
    public Task<Answer> GetHistoryAsync(
        RoomId room,
        Position? since = null,
        long? before = null,
        int limit = Command.History.DefaultLimit,
        Identity? reader = null,
        CancellationToken cancellation = default) =>
        AskRoom(room, caller => new RoomMessage.GetHistory(caller, reader, since, before, limit), cancellation);

    /// <inheritdoc/>
    public Task<Answer> CheckReadAsync(RoomId room, Identity reader, CancellationToken cancellation = default) =>
        AskRoom(room, caller => new RoomMessage.CheckRead(caller, reader), cancellation);

    private Task<Answer> AskRoom(RoomId room, Func<Caller, RoomMessage> message, CancellationToken cancellation) =>
        Ask(_environment.Rooms, room, message, cancellation);

    private Task<Answer> Ask<TKey>(IShardRegion<TKey> region, TKey key, Func<Caller, object> message, CancellationToken cancellation)
    {
        var promise = new AnswerPromise();
        var told = message(new Caller.Application(promise));
        var question = new Question(() => region.Locate(key), at => region.Tell(key, told, at), MayRepeat(told));
        promise.EndAfter(AskTimeout, _hub.Clock, cancellation);
        if (_cluster is not null)
            return KeptUntilAnswered(promise, question);
        question.Tell();
        return promise.Task;
    }

    /// <summary>Kept before it is asked: a shard that moves in between is not missed.</summary>
    private async Task<Answer> KeptUntilAnswered(AnswerPromise promise, Question question)
    {
        _questions[promise] = question;
        try
        {
            question.Tell();
            return question.Judge(await promise.Task);
        }
        finally
        {
            _questions.TryRemove(promise, out _);
            question.End();
            _asks!.Forget(promise);
        }
    }

    /// <summary>Shards moved: what is unanswered is asked again of the new owner.</summary>
    private void AskAgain()
    {
        foreach (var (promise, question) in _questions)
        {
            if (question.TellAgain() is { } refusal)
                promise.Reply(Answer.Refused(refusal));
        }
    }

    private static bool MayRepeat(object message) =>
        message is not (RoomMessage.Publish { MessageId: null } or UserMessage.Send { MessageId: null });
}
