using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>The relays of a node that is alone.</summary>
/// <param name="relays">The node's relays.</param>
public sealed class LocalRelays(LocalRegion<RoomId, RelayMessage> relays) : IRelays
{
    /// <inheritdoc/>
    public void Tell(NodeId node, RoomId room, RelayMessage message) => relays.Tell(room, message);

    /// <inheritdoc/>
    public void AskWhoIsHere(RoomId room) => relays.TellIfAlive(room, new RelayMessage.WhoIsHere());
}
