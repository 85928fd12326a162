using Verb.Actors.Connections;
using Verb.Actors.Files;
using Verb.Actors.Policies;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;

namespace Verb.Actors.Nodes;

/// <summary>What a node is made of.</summary>
internal sealed record NodeOptions
{
    /// <summary>The node's name.</summary>
    public required NodeId Id { get; init; }

    /// <summary>Keeps histories.</summary>
    public required IHistoryStore History { get; init; }

    /// <summary>Keeps inboxes.</summary>
    public required IInboxStore Inboxes { get; init; }

    /// <summary>Keeps files.</summary>
    public required IFileStore Files { get; init; }

    /// <summary>Where files are read.</summary>
    public FileLinks FileLinks { get; init; } = new();

    /// <summary>What makes the node one of several; null: it is alone.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>The right to write of a node that is alone, by shard; null where its stores take every fence.</summary>
    public IReadOnlyList<Fence>? Fences { get; init; }

    /// <summary>
    /// Whether what concerns many rooms, topics or users is told them in the order of their names, at the price of sorting them: a run that is to
    /// repeat itself needs it, for the order of hashes is another in every process.
    /// </summary>
    public bool InOrder { get; init; }

    /// <summary>How each room is kept.</summary>
    public PolicyTable<RoomPolicy> Rooms { get; init; } = new([], new RoomPolicy());

    /// <summary>Who may publish and subscribe to each topic.</summary>
    public PolicyTable<TopicPolicy> Topics { get; init; } = new([], new TopicPolicy());

    /// <summary>Turns tokens into identities.</summary>
    public required IAuthenticator Authenticator { get; init; }

    /// <summary>The host application's requests.</summary>
    public required IRequestHandlers Requests { get; init; }

    /// <summary>What an admin may do.</summary>
    public required IAdminCommands Admin { get; init; }
}
