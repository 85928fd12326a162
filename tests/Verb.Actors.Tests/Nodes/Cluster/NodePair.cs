using System.Text;
using System.Text.Json;
using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Actors.Tests.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;
using Verb.TestKit;
using Verb.TestKit.Files;
using Verb.TestKit.Nodes;
using Verb.TestKit.Probes;
using Verb.TestKit.Sockets;

namespace Verb.Actors.Tests.Nodes.Cluster;

/// <summary>Two nodes of a cluster on one thread, with a link that can be cut and a directory that can be told what to say.</summary>
internal sealed class NodePair : IDisposable
{
    public NodePair(int seed = 1)
    {
        System = new TestSystem(seed);
        A = Start("a");
        B = Start("b");
        Connect();
        System.Advance(TimeSpan.FromSeconds(3));
    }

    public TestSystem System { get; }

    public DirectoryTruth Directory { get; } = new();

    public FakeNetwork Network { get; } = new();

    public ScriptedHistoryStore History { get; } = new();

    public HubNode A { get; }

    public HubNode B { get; }

    /// <summary>The link stands; nothing has run since.</summary>
    public void Connect() => Network.Connect(A.Id, B.Id);

    public void Cut()
    {
        Network.Cut(A.Id, B.Id);
        System.Settle();
    }

    /// <summary>A room of <see cref="A"/> fails and is loaded anew: it does not know its members any more.</summary>
    public void LoadAnew(RoomId room)
    {
        var fails = 1;
        History.Faults.Enqueue(AppendFault.FailsUnstored);
        History.OpenFails = () => fails-- > 0;
        _ = A.PublishAsync(room, "1"u8.ToArray());
        System.Settle();
        fails.ShouldBeLessThan(0, "it was opened again");
    }

    /// <summary>A room that a node owns.</summary>
    public static RoomId RoomOf(HubNode owner) =>
        Enumerable.Range(0, int.MaxValue).Select(i => new RoomId($"room-{i}")).First(room => owner.Owns(Shards.Of(room)));

    /// <summary>A client of a node.</summary>
    public PairClient Client(HubNode node, string user)
    {
        var socket = new FakeSocket(System.Clock);
        var setup = new ConnectionSetup
        {
            Id = node.NextConnectionId(),
            ClientId = new UserId($"client of {user}"),
            Session = "session",
            Identity = new Identity(new User(new UserId(user), user, "user"), ["user"], null),
            Socket = new SocketOptions { PingInterval = TimeSpan.Zero, IdleTimeout = TimeSpan.Zero },
            Limits = new LimitOptions(),
        };
        var connecting = node.Connect(setup, socket);
        System.Settle();
        return new PairClient(System, socket, setup.Id, connecting.Now());
    }

    public void Dispose() => System.Dispose();

    private HubNode Start(string name)
    {
        var node = new HubNode(System.Start(name), new NodeOptions
        {
            Id = new NodeId(name),
            History = History,
            Inboxes = new InMemoryInboxStore(),
            Files = new MemoryFileStore(),
            InOrder = true,
            Authenticator = new TestTokens(System.Clock),
            Requests = new TestRequests(),
            Admin = new TestAdmin(),
            Cluster = new ClusterOptions { Directory = new FakeDirectory(Directory), Links = new FakeLinks(Network), Address = $"{name}:1" },
        });
        var joining = node.JoinAsync(CancellationToken.None);
        System.Settle();
        joining.IsCompletedSuccessfully.ShouldBeTrue();
        return node;
    }
}

/// <summary>A client of one of the two.</summary>
internal sealed class PairClient(TestSystem system, FakeSocket socket, ConnectionId id, IActorRef connection)
{
    public ConnectionId Id => id;

    /// <summary>Every text frame that came.</summary>
    public IReadOnlyList<JsonElement> Frames
    {
        get
        {
            system.Settle();
            return [.. socket.Arrived.Where(message => message.Kind == FrameKind.Text).Select(message => JsonDocument.Parse(message.Payload).RootElement)];
        }
    }

    /// <summary>How the hub closed the connection; null while it has not.</summary>
    public CloseReason? Closed
    {
        get
        {
            system.Settle();
            return socket.Closed;
        }
    }

    /// <summary>Sends a command; nothing has run since.</summary>
    public void Send(string json) => connection.Tell(new ConnectionMessage.Received(CommandReader.Read(Encoding.UTF8.GetBytes(json)).Command!));

    /// <summary>Its network is gone.</summary>
    public void Lose() => connection.Tell(new ConnectionMessage.Lost());

    public void Join(RoomId room, string id = "join")
    {
        Send($$"""{"type":"join_room","id":"{{id}}","roomId":"{{room}}"}""");
        ReplyTo(id).GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    public void Chat(string id, RoomId room, string? messageId = null) => Send(
        $$"""{"type":"chat","id":"{{id}}","roomId":"{{room}}","message":"hi"{{(messageId is null ? "" : $",\"messageId\":\"{messageId}\"")}}}""");

    public JsonElement ReplyTo(string id) => Frames.Single(frame => frame.IsReplyTo(id));
}
