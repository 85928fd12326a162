using Verb.Actors.Policies;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>What the rooms of a node share.</summary>
/// <param name="Store">Keeps the history of durable rooms.</param>
/// <param name="Relays">The way to the members.</param>
/// <param name="Policies">How each room is kept.</param>
/// <param name="FenceOf">The node's right to write for a room.</param>
internal sealed record RoomEnvironment(IHistoryStore Store, IRelays Relays, PolicyTable<RoomPolicy> Policies, Func<RoomId, Fence> FenceOf);
