using Verb.Actors.Sharding;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes.Cluster;

/// <summary>What an owner said while the link to a client's node was going is said again, and means the same.</summary>
public sealed class LostLinkTests
{
    [Fact]
    public void Who_wants_no_echo_hears_its_own_message_by_its_reply_alone()
    {
        using var pair = new NodePair();
        var room = NodePair.RoomOf(pair.A);
        var (ann, bob) = (pair.Client(pair.B, "ann"), pair.Client(pair.B, "bob"));
        ann.Join(room);
        bob.Join(room);
        ann.Chat("1", room, "m1");
        pair.System.Settle();
        pair.Network.Loses = message => message is NodeMessage.ToRelay;
        ann.Chat("2", room, "m2");
        pair.System.Settle();
        pair.Network.Loses = _ => false;

        pair.Cut();
        pair.Connect();

        ann.ReplyTo("2").GetProperty("success").GetBoolean().ShouldBeTrue();
        ann.Frames.ShouldNotContain(frame => frame.Type() == "chat");
        bob.Frames.Where(frame => frame.Type() == "chat").Select(frame => frame.Number("seq")).ShouldBe([1, 2]);
    }
}
