using Verb.Actors.Connections;
using Verb.Actors.Nodes;
using Verb.Actors.Policies;
using Verb.Actors.Rooms;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.TestKit.Files;

namespace Verb.TestKit.Nodes;

/// <summary>What a <see cref="TestNode"/> is made of; everything is in memory unless told otherwise.</summary>
public sealed record TestNodeOptions
{
    /// <summary>What the order of everything is drawn from. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How each room is kept.</summary>
    public PolicyTable<RoomPolicy> Rooms { get; init; } = new([], new RoomPolicy());

    /// <summary>Who may publish and subscribe to each topic.</summary>
    public PolicyTable<TopicPolicy> Topics { get; init; } = new([], new TopicPolicy());

    /// <summary>How sockets live, unless a client says otherwise.</summary>
    public SocketOptions Socket { get; init; } = new();

    /// <summary>How much a client may ask for, unless it says otherwise.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Keeps histories.</summary>
    public IHistoryStore History { get; init; } = new InMemoryHistoryStore();

    /// <summary>Keeps inboxes.</summary>
    public IInboxStore Inboxes { get; init; } = new InMemoryInboxStore();

    /// <summary>Keeps files.</summary>
    public MemoryFileStore Files { get; init; } = new();

    /// <summary>Checks tokens. Default: <see cref="TestTokens"/>.</summary>
    public IAuthenticator? Authenticator { get; init; }

    /// <summary>The host application's requests.</summary>
    public TestRequests Requests { get; init; } = new();

    /// <summary>What admin commands do.</summary>
    public TestAdmin Admin { get; init; } = new();

    /// <summary>Hears of failures and dead letters.</summary>
    public IActorObserver? Observer { get; init; }
}
