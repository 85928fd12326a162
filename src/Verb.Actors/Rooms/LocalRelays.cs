using Akka.Actor;
using Verb.Actors.Nodes;
using Verb.Actors.Regions;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>The relays of a node that is alone.</summary>
/// <param name="relays">The node's relays.</param>
/// <param name="clock">What the wait for an answer is timed by.</param>
internal sealed class LocalRelays(LocalRegion<RoomId> relays, TimeProvider clock) : IRelays
{
    /// <summary>A relay answers at once; only one that failed over the question never does.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public void Tell(NodeId node, RoomId room, RelayMessage message) => relays.Tell(room, message);

    /// <inheritdoc/>
    public async ValueTask<RoomMessage.Register> AskWhoIsHere(RoomId room, AdmissionStamp stamp)
    {
        if (relays.Find(room) is not { } relay)
            return RoomMessage.Register.Nobody;
        var promise = new Promise<RoomMessage.Register>();
        relay.Tell(new RelayMessage.WhoIsHere(promise) { Term = stamp.Term }, ActorRefs.NoSender);
        return await promise.Within(AnswerTime, clock) ?? RoomMessage.Register.Nobody;
    }
}
