using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>Everything of a node that lives in shards, or looks for what does.</summary>
internal sealed record Entities(
    LocalRegion<RoomId, RoomMessage> Rooms,
    LocalRegion<RoomId, RelayMessage> Relays,
    LocalRegion<TopicName, TopicMessage> Topics,
    LocalRegion<TopicName, TopicRelayMessage> TopicRelays,
    LocalRegion<UserId, UserMessage> Users,
    ConnectionDirectory Connections,
    TopicCatalog Catalog);
