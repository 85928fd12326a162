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

    [Theory]
    [InlineData("leaves", 1)]
    [InlineData("is lost", 1)]
    [InlineData("joins", 3)]
    public void Whom_a_coming_or_leaving_did_not_reach_is_told_how_many_are_here_when_the_link_is_back(string what, int users)
    {
        using var pair = new NodePair();
        var room = NodePair.RoomOf(pair.A);
        var (ann, bob, cid) = (pair.Client(pair.B, "ann"), pair.Client(pair.A, "bob"), pair.Client(pair.A, "cid"));
        bob.Join(room);
        ann.Join(room);
        pair.Cut();
        if (what == "joins")
            cid.Join(room);
        else if (what == "leaves")
            bob.Send($$"""{"type":"leave_room","roomId":"{{room}}"}""");
        else
            bob.Lose();
        pair.System.Advance(TimeSpan.FromSeconds(2.5));
        ann.Frames.ShouldNotContain(frame => frame.Type() == "user_left" || frame.Type() == "user_joined");

        pair.Connect();
        pair.System.Advance(TimeSpan.FromSeconds(1));

        ann.Frames.Last(frame => frame.Has("userCount")).ShouldSatisfyAllConditions(
            told => told.Type().ShouldBe("room_presence"),
            told => told.Number("userCount").ShouldBe(users));
    }
}
