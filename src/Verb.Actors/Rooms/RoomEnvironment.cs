using Verb.Actors.Nodes;
using Verb.Actors.Policies;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>What the rooms of a node share.</summary>
/// <param name="Hub">Where they live.</param>
/// <param name="Node">This node.</param>
/// <param name="Store">Keeps the history of durable rooms.</param>
/// <param name="Relays">The way to the members.</param>
/// <param name="Policies">How each room is kept.</param>
/// <param name="FenceOf">The node's right to write for a room; null where it has none.</param>
/// <param name="FenceLost">Told that a write was refused; null on a node that is alone.</param>
/// <param name="HasLease">Whether no other node can have taken over, by this node's clock; null on a node that is alone.</param>
internal sealed record RoomEnvironment(
    HubSystem Hub, NodeId Node, IHistoryStore Store, IRelays Relays, PolicyTable<RoomPolicy> Policies, Func<RoomId, Fence?> FenceOf, Action<Fence>? FenceLost = null,
    Func<bool>? HasLease = null);
