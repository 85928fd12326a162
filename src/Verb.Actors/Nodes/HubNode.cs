using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Kernel;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Nodes;

/// <summary>One node of the hub, alone: its rooms, topics, users and connections, wired to each other.</summary>
internal sealed class HubNode : IVerbHub
{
    /// <summary>How long the host application waits for a room, a topic or a user.</summary>
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Rooms, users and relays take bursts: a thousand joins at once is a reconnect after a restart.</summary>
    private static readonly MailboxOptions Wide = new() { Bound = 16 * 1024 };

    /// <summary>A connection's mailbox: however little may wait for its socket, the hub's own bursts must find a place.</summary>
    private const int LeastMailbox = 1024;

    /// <summary>A node that is alone writes with a fixed term.</summary>
    private static readonly Fence Alone = new(0, 1);

    private readonly ActorSystem _system;
    private readonly NodeId _id;
    private readonly LocalRegion<RoomId, RoomMessage> _rooms;
    private readonly LocalRegion<TopicName, TopicMessage> _topics;
    private readonly LocalRegion<UserId, UserMessage> _users;
    private readonly ConnectionEnvironment _environment;
    private long _lastConnection;

    /// <summary>Makes a node; its actors live in <paramref name="system"/>.</summary>
    public HubNode(ActorSystem system, NodeOptions options)
    {
        _system = system;
        _id = options.Id;
        LocalRegion<RoomId, RelayMessage>? relays = null;
        LocalRegion<TopicName, TopicRelayMessage>? topicRelays = null;

        relays = new(system, "relay", room => Of<RelayMessage>(() => new RelayActor(room, new RelayEnvironment(options.Id, Connections, _rooms!))));
        var rooms = new RoomEnvironment(options.History, new LocalRelays(relays, system.Clock), options.Rooms, _ => Alone);
        _rooms = new(system, "room", room => Of<RoomMessage>(() => new RoomActor(room, rooms)));

        topicRelays = new(system, "topic-relay", topic => Of<TopicRelayMessage>(
            () => new TopicRelayActor(topic, new TopicRelayEnvironment(options.Id, Connections, _topics!))));
        var topics = new TopicEnvironment(new LocalTopicRelays(topicRelays), Connections, Catalog);
        _topics = new(system, "topic", topic => Of<TopicMessage>(() => new TopicActor(topic, topics)));

        var users = new UserEnvironment(options.Inboxes, Connections, _ => Alone);
        _users = new(system, "user", user => Of<UserMessage>(() => new UserActor(user, users)));

        _environment = new ConnectionEnvironment
        {
            Rooms = _rooms,
            TopicRelays = topicRelays,
            Topics = _topics,
            Users = _users,
            Connections = Connections,
            Catalog = Catalog,
            TopicPolicies = options.Topics,
            Authenticator = options.Authenticator,
            Requests = options.Requests,
            Admin = options.Admin,
            Files = options.Files,
            Counters = Counters,
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

    /// <summary>How many rooms are alive.</summary>
    public int RoomCount => _rooms.Count;

    /// <summary>How many topics have a value.</summary>
    public int TopicCount => Catalog.Count;

    /// <summary>An id for a new connection.</summary>
    public ConnectionId NextConnectionId() => new(_id, Interlocked.Increment(ref _lastConnection));

    /// <summary>Starts the actor of a connection that shook hands. The gateway's reader feeds it.</summary>
    public IActorRef<ConnectionMessage> Connect(ConnectionSetup setup, IClientSocket socket)
    {
        var props = new Props<ConnectionMessage>(() => new ConnectionActor(setup, socket, _environment))
        {
            Mailbox = new MailboxOptions { Bound = Math.Max(LeastMailbox, setup.Socket.SendBufferMessages) },
        };
        return _system.Spawn(props, $"connection/{setup.Id.Number}");
    }

    /// <inheritdoc/>
    public Task<Answer> PublishAsync(
        RoomId room, ReadOnlyMemory<byte> message, string? messageId = null, User? from = null, CancellationToken cancellation = default) =>
        AskRoom(room, caller => new RoomMessage.Publish(caller, message, messageId, from ?? User.Application), cancellation);

    /// <inheritdoc/>
    public Task<Answer> PublishAsync(TopicName topic, ReadOnlyMemory<byte> value, CancellationToken cancellation = default) =>
        Ask(_topics, topic, caller => new TopicMessage.Publish(caller, value), cancellation);

    /// <inheritdoc/>
    public Task<Answer> NotifyAsync(UserId user, ReadOnlyMemory<byte> body, string? messageId = null, CancellationToken cancellation = default) =>
        Ask(_users, user, caller => new UserMessage.Send(caller, null, body, messageId), cancellation);

    /// <inheritdoc/>
    public int Broadcast(ReadOnlyMemory<byte> body)
    {
        var told = new ConnectionMessage.Transient(new Outgoing(
            WireFormat.Event(new ServerEvent.Broadcast(body, _system.Clock.GetUtcNow().ToUnixTimeMilliseconds())), FrameKind.Text));
        var count = 0;
        foreach (var connection in Connections.All)
        {
            if (connection.TryTell(told) == TellResult.Accepted)
                count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public Task<Answer> KickAsync(UserId user, CancellationToken cancellation = default) =>
        Ask(_users, user, caller => new UserMessage.Kick(caller), cancellation);

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
        Ask(_rooms, room, message, cancellation);

    private Task<Answer> Ask<TKey, TMessage>(
        IShardRegion<TKey, TMessage> region, TKey key, Func<Caller, TMessage> message, CancellationToken cancellation)
    {
        var promise = new AnswerPromise();
        if (region.Tell(key, message(new Caller.Application(promise))) != TellResult.Accepted)
            return Task.FromResult(Answer.Refused(CommandError.Overloaded));
        promise.EndAfter(AskTimeout, _system.Clock, cancellation);
        return promise.Task;
    }

    private static Props<TMessage> Of<TMessage>(Func<Actor<TMessage>> factory) => new(factory) { Mailbox = Wide };
}
