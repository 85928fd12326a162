using Verb.Actors.Connections;
using Verb.Actors.Nodes;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>What the topics of a node share.</summary>
/// <param name="Hub">Where they live.</param>
/// <param name="Relays">The way to the subscribers.</param>
/// <param name="Connections">The way to a publisher.</param>
/// <param name="Catalog">Where a topic with a value is listed.</param>
/// <param name="TermOf">The node's term of a topic; null where another node owns it.</param>
internal sealed record TopicEnvironment(
    HubSystem Hub, ITopicRelays Relays, IConnections Connections, TopicCatalog Catalog, Func<TopicName, long?> TermOf);
