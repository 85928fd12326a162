using Verb.Actors.Files;
using Verb.Actors.Nodes;
using Verb.Actors.Policies;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What the connections of a node share.</summary>
internal sealed record ConnectionEnvironment
{
    /// <summary>Where they live.</summary>
    public required HubSystem Hub { get; init; }

    /// <summary>The way to the rooms.</summary>
    public required IShardRegion<RoomId> Rooms { get; init; }

    /// <summary>This node's room relays.</summary>
    public required IShardRegion<RoomId> RoomRelays { get; init; }

    /// <summary>This node's topic relays.</summary>
    public required IShardRegion<TopicName> TopicRelays { get; init; }

    /// <summary>The way to the topics' owners.</summary>
    public required IShardRegion<TopicName> Topics { get; init; }

    /// <summary>The way to the users.</summary>
    public required IShardRegion<UserId> Users { get; init; }

    /// <summary>This node's connections.</summary>
    public required ConnectionDirectory Connections { get; init; }

    /// <summary>Which topics there are.</summary>
    public required TopicCatalog Catalog { get; init; }

    /// <summary>Who may publish and subscribe.</summary>
    public required PolicyTable<TopicPolicy> TopicPolicies { get; init; }

    /// <summary>Turns tokens into identities.</summary>
    public required IAuthenticator Authenticator { get; init; }

    /// <summary>The host application's requests.</summary>
    public required IRequestHandlers Requests { get; init; }

    /// <summary>What an admin may do.</summary>
    public required IAdminCommands Admin { get; init; }

    /// <summary>Where uploads go.</summary>
    public required IFileStore Files { get; init; }

    /// <summary>Where uploads are read.</summary>
    public FileLinks FileLinks { get; init; } = new();

    /// <summary>Changes whenever what was sent to an owner may be lost: then what is unanswered is looked through. Always the same on a node that is alone.</summary>
    public Func<int> ShardVersion { get; init; } = static () => 0;

    /// <summary>What the connections count together.</summary>
    public required ConnectionCounters Counters { get; init; }
}
