using Verb.Actors.Connections;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>What the users of a node share.</summary>
/// <param name="Store">Keeps the inboxes.</param>
/// <param name="Connections">The way to the users' connections.</param>
/// <param name="FenceOf">The node's right to write for a user.</param>
internal sealed record UserEnvironment(IInboxStore Store, IConnections Connections, Func<UserId, Fence> FenceOf);
