using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes.Cluster;

/// <summary>What an owner said while the link to a client's node was going is said again, and means the same.</summary>
public sealed class LostLinkTests
{
    [Fact]
    public async Task Whom_the_closing_of_a_room_did_not_reach_is_sent_out_when_the_link_is_back()
    {
        using var pair = new NodePair();
        var room = NodePair.RoomOf(pair.A);
        var ann = pair.Client(pair.B, "ann");
        ann.Join(room);
        pair.Cut();
        var closing = pair.A.CloseRoomAsync(room);
        pair.System.Settle();
        (await closing).IsSuccess.ShouldBeTrue();
        ann.Frames.ShouldNotContain(frame => frame.Type() == "left_room");

        pair.Connect();

        ann.Frames.Count(frame => frame.Type() == "left_room").ShouldBe(1);
        ann.Join(room, "again");
        ann.Chat("1", room);
        ann.ReplyTo("1").GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Whom_a_kick_did_not_reach_is_closed_when_the_link_is_back()
    {
        using var pair = new NodePair();
        var user = Enumerable.Range(0, int.MaxValue).Select(i => $"user-{i}").First(user => pair.A.Owns(Shards.Of(new UserId(user))));
        var ann = pair.Client(pair.B, user);
        pair.System.Settle();
        pair.Cut();
        var kick = pair.A.KickAsync(new UserId(user));
        pair.System.Settle();
        (await kick).IsSuccess.ShouldBeTrue();
        ann.Closed.ShouldBeNull();

        pair.Connect();

        ann.Closed.ShouldBe(CloseReason.Kicked);
        var back = pair.Client(pair.B, user);
        pair.System.Advance(TimeSpan.FromSeconds(1));
        back.Closed.ShouldBeNull();
    }

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
