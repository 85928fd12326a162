using Verb.Actors.Sharding;

namespace Verb.Actors.Connections;

/// <summary>One connection of one node. A number is never used twice by a node while it runs.</summary>
/// <param name="Node">The node the socket is on.</param>
/// <param name="Number">The node's running number of it.</param>
internal readonly record struct ConnectionId(NodeId Node, long Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Node}/{Number}";
}
