using Verb.Actors.Kernel;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>The relays of a node that is alone.</summary>
/// <param name="relays">The node's relays.</param>
/// <param name="clock">What the wait for an answer is timed by.</param>
internal sealed class LocalRelays(LocalRegion<RoomId, RelayMessage> relays, TimeProvider clock) : IRelays
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
        try
        {
            return await relay.Ask<RelayMessage, RoomMessage.Register>(
                reply => new RelayMessage.WhoIsHere(reply) { Term = stamp.Term }, AnswerTime, clock);
        }
        catch (ActorStoppedException)
        {
            return RoomMessage.Register.Nobody; // It had no members.
        }
        catch (TimeoutException)
        {
            return RoomMessage.Register.Nobody;
        }
    }
}
