using Verb.Actors.Connections;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>What the topic relays of a node share.</summary>
/// <param name="Hub">Where they live.</param>
/// <param name="Node">This node.</param>
/// <param name="Connections">Its connections.</param>
/// <param name="Topics">The way to the topics' owners.</param>
internal sealed record TopicRelayEnvironment(HubSystem Hub, NodeId Node, ConnectionDirectory Connections, IShardRegion<TopicName> Topics);
