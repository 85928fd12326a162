using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>The way from a room to its relays, one on each node that has members.</summary>
internal interface IRelays
{
    /// <summary>Tells the room's relay on <paramref name="node"/>; it is made where there is none.</summary>
    void Tell(NodeId node, RoomId room, RelayMessage message);

    /// <summary>
    /// Asks the room's relays who is here: the room was loaded anew. Completes with this node's answer; relays of other nodes tell
    /// <see cref="RoomMessage.Register"/> later.
    /// </summary>
    /// <param name="room">The room.</param>
    /// <param name="stamp">The room's last admission, with its owner's term.</param>
    ValueTask<RoomMessage.Register> AskWhoIsHere(RoomId room, AdmissionStamp stamp);
}
