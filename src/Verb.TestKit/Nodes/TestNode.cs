using Verb.Actors.Connections;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.TestKit.Files;
using Verb.TestKit.Probes;
using Verb.TestKit.Sockets;

namespace Verb.TestKit.Nodes;

/// <summary>
/// A whole node on one thread, with a clock that moves only when told and clients that can stall and be cut. The same seed and the same calls
/// give the same run.
/// </summary>
public sealed class TestNode : IDisposable
{
    private readonly TestNodeOptions _options;

    /// <summary>Starts a node.</summary>
    public TestNode(TestNodeOptions? options = null)
    {
        _options = options ?? new TestNodeOptions();
        System = new TestSystem(_options.Seed, _options.Observer);
        Tokens = new TestTokens(System.Clock);
        Node = new HubNode(System.Hub, new NodeOptions
        {
            Id = new NodeId("node-1"),
            History = _options.History,
            Inboxes = _options.Inboxes,
            Files = _options.Files,
            Rooms = _options.Rooms,
            Topics = _options.Topics,
            Authenticator = _options.Authenticator ?? Tokens,
            Requests = _options.Requests,
            Admin = _options.Admin,
        });
    }

    /// <summary>Its actors and its clock.</summary>
    public TestSystem System { get; }

    /// <summary>The hub as the host application sees it.</summary>
    public IVerbHub Hub => Node;

    internal HubNode Node { get; }

    /// <summary>What checks the clients' tokens, unless the options name something else.</summary>
    public TestTokens Tokens { get; }

    /// <summary>The host application's requests.</summary>
    public TestRequests Requests => _options.Requests;

    /// <summary>The admin commands that came.</summary>
    public TestAdmin Admin => _options.Admin;

    /// <summary>The uploaded files.</summary>
    public MemoryFileStore Files => _options.Files;

    /// <summary>The time, Unix milliseconds.</summary>
    public long Now => System.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Connects a user whose token came with the handshake.</summary>
    public TestClient Connect(string user, params string[] roles) =>
        Connect(new ClientOptions { User = user, Roles = roles.Length > 0 ? roles : ["user"] });

    /// <summary>Connects an anonymous user.</summary>
    public TestClient ConnectAnonymously() => Connect(new ClientOptions());

    /// <summary>Connects a client.</summary>
    public TestClient Connect(ClientOptions client)
    {
        var id = Node.NextConnectionId();
        var clientId = client.ClientId ?? new UserId($"client-{id.Number}");
        var setup = new ConnectionSetup
        {
            Id = id,
            ClientId = clientId,
            Session = $"session-{clientId}",
            Identity = IdentityOf(client, clientId),
            TokenRefusal = client.TokenRefusal,
            TakesTokens = client.TakesTokens,
            Socket = client.Socket ?? _options.Socket,
            Limits = client.Limits ?? _options.Limits,
            Observer = client.Observer,
        };
        var socket = new FakeSocket(System.Clock);
        var connecting = Node.Connect(setup, socket);
        Settle();
        return new TestClient(this, setup, socket, connecting.Now(), client.AnswersPings);
    }

    /// <summary>Runs until nothing is left to do without the clock moving.</summary>
    public void Settle() => System.Settle();

    /// <summary>Settles and moves the clock, settling at each due timer.</summary>
    public void Advance(TimeSpan time) => System.Advance(time);

    /// <summary>Stops the node.</summary>
    public void Dispose() => System.Dispose();

    private Identity? IdentityOf(ClientOptions client, UserId clientId)
    {
        if (client.MustAuthenticate || client.TokenRefusal is not null)
            return null;
        if (client.User is not { } user)
            return Identity.Anonymous(clientId, $"guest-{clientId.Value[^1]}");
        long? expiresAt = client.ExpiresIn is { } left ? Now + (long)left.TotalMilliseconds : null;
        return new Identity(new User(new UserId(user), user, client.Roles[0]), client.Roles, expiresAt);
    }
}
