using System.Text.Json;

namespace Verb.Gateway.Health;

/// <summary>What <c>GET /api/status</c> and the admin command <c>stats</c> answer.</summary>
/// <param name="Node">This node's name.</param>
/// <param name="Connections">Connections open now.</param>
/// <param name="Rooms">Rooms in memory.</param>
/// <param name="Topics">Topics with a value.</param>
/// <param name="Uptime">Whole seconds since the start.</param>
/// <param name="Accepted">Connections ever taken.</param>
/// <param name="Rejected">Connections ever refused for want of room.</param>
/// <param name="Nodes">The names of the cluster's nodes, this one among them, as last read.</param>
/// <param name="Shards">How many of the 256 shards this node owns.</param>
/// <param name="Links">Links to other nodes that stand.</param>
internal sealed record HubStatus(
    string Node, int Connections, int Rooms, int Topics, long Uptime, long Accepted, long Rejected, IReadOnlyList<string> Nodes, int Shards, int Links)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);
}
