using Verb.Actors.Connections;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>What the users of a node share.</summary>
/// <param name="Hub">Where they live.</param>
/// <param name="Store">Keeps the inboxes.</param>
/// <param name="Connections">The way to the users' connections.</param>
/// <param name="FenceOf">The node's right to write for a user; null where it has none.</param>
/// <param name="FenceLost">Told that a write was refused; null on a node that is alone.</param>
internal sealed record UserEnvironment(
    HubSystem Hub, IInboxStore Store, IConnections Connections, Func<UserId, Fence?> FenceOf, Action<Fence>? FenceLost = null);
