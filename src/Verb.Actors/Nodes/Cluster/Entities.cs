using Verb.Actors.Connections;
using Verb.Actors.Regions;
using Verb.Actors.Topics;
using Verb.Contracts;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>Everything of a node that lives in shards, or looks for what does.</summary>
internal sealed record Entities(
    LocalRegion<RoomId> Rooms,
    LocalRegion<RoomId> Relays,
    LocalRegion<TopicName> Topics,
    LocalRegion<TopicName> TopicRelays,
    LocalRegion<UserId> Users,
    ConnectionDirectory Connections,
    TopicCatalog Catalog);
