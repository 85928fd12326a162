using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>The way from a room to its relays, one on each node that has members.</summary>
internal interface IRelays
{
    /// <summary>Tells the room's relay on <paramref name="node"/>; it is made where there is none.</summary>
    void Tell(NodeId node, RoomId room, RelayMessage message);

    /// <summary>
    /// Asks the relays that the room has on any node who is here: the room was loaded anew. Completes once every relay that can be reached has
    /// answered; one that is found later tells <see cref="RoomMessage.Register"/>.
    /// </summary>
    ValueTask<IReadOnlyList<RoomMessage.Register>> AskWhoIsHere(RoomId room);
}
