using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>What the room relays of a node share.</summary>
/// <param name="Hub">Where they live.</param>
/// <param name="Node">This node.</param>
/// <param name="Connections">The node's connections.</param>
/// <param name="Rooms">The way back to the rooms.</param>
/// <param name="Drops">Counts what the relays did not tell.</param>
internal sealed record RelayEnvironment(HubSystem Hub, NodeId Node, ConnectionDirectory Connections, IShardRegion<RoomId> Rooms, RefusedMessages.Count Drops);
