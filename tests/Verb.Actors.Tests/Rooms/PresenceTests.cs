using Verb.Actors.Connections;
using Verb.Actors.Rooms;

namespace Verb.Actors.Tests.Rooms;

public sealed class PresenceTests
{
    [Fact]
    public void Coming_and_leaving_is_told_to_the_others()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard().ShouldBe(["user_joined bob, 2 users"]);
        bob.Leave().Heard().ShouldBe(["#2 removed"]);
        ann.Heard().ShouldBe(["user_left bob, 1 users"]);
    }

    [Fact]
    public void Leaving_a_room_one_is_not_in_is_refused()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Leave().Leave().Heard().ShouldBe(["#2 removed", "#3 NOT_IN_ROOM"]);
        world.Client("bob").Leave().Heard().ShouldBe(["#1 NOT_IN_ROOM"]);
    }

    [Fact]
    public void A_user_leaves_with_the_last_of_its_connections()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var phone = world.Client("bob").Joined();
        var laptop = world.Client("bob").Joined();
        ann.Heard();
        phone.Leave();
        ann.Heard().ShouldBeEmpty();
        laptop.Leave();
        ann.Heard().ShouldBe(["user_left bob, 1 users"]);
    }

    [Fact]
    public void Who_closed_is_told_at_once_and_only_once()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        bob.End(lost: false);
        bob.End(lost: false);
        ann.Heard().ShouldBe(["user_left bob, 1 users"]);
    }

    [Fact]
    public void Who_was_lost_still_counts_for_the_grace_and_is_told_when_it_is_over()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        bob.End(lost: true);
        world.Advance(1.9);
        world.Client("cid").Join().Heard().ShouldBe(["#1 admitted, 3 users, at 0"]);
        ann.Heard().ShouldBe(["user_joined cid, 3 users"]);
        world.Advance(0.1);
        ann.Heard().ShouldBe(["user_left bob, 2 users"]);
    }

    [Fact]
    public void A_return_within_the_grace_raises_no_event_then_or_later()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        bob.End(lost: true);
        world.Advance(1.9);
        world.Client("bob").Join().Heard().ShouldBe(["#1 admitted, 2 users, at 0"]);
        world.Advance(10);
        ann.Heard().ShouldBeEmpty();
    }

    [Fact]
    public void The_grace_of_a_second_loss_begins_anew()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Client("bob").Joined().End(lost: true);
        world.Advance(1.5);
        world.Client("bob").Joined().End(lost: true);
        ann.Heard();
        world.Advance(1.5);
        ann.Heard().ShouldBeEmpty();
        world.Advance(0.5);
        ann.Heard().ShouldBe(["user_left bob, 1 users"]);
    }

    [Fact]
    public void Without_grace_the_lost_are_told_at_once()
    {
        using var world = new RoomWorld(new RoomPolicy { LeaveGrace = TimeSpan.Zero });
        var ann = world.Client("ann").Joined();
        world.Client("bob").Joined().End(lost: true);
        ann.Heard().ShouldBe(["user_joined bob, 2 users", "user_left bob, 1 users"]);
    }

    [Fact]
    public void Where_presence_is_off_nobody_hears_who_comes_and_goes()
    {
        using var world = new RoomWorld(new RoomPolicy { Presence = false });
        var ann = world.Client("ann").Joined();
        world.Client("bob").Joined().Leave();
        ann.Heard().ShouldBeEmpty();
    }

    [Fact]
    public void Above_256_members_only_the_count_is_told_at_most_once_a_second()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        for (var i = 2; i <= 256; i++)
        {
            world.Client($"u{i}").Join();
            world.Advance(0.1);
        }

        ann.Heard().Count.ShouldBe(255);
        world.Client("one").Join();
        world.Client("two").Join();
        ann.Heard().ShouldBeEmpty();
        world.Advance(1);
        ann.Heard().ShouldBe(["room_presence 258 users"]);
        world.Advance(5);
        ann.Heard().ShouldBeEmpty();
    }

    [Fact]
    public void Above_50_changes_a_second_only_the_count_is_told_and_the_end_of_the_rush_brings_single_events_back()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Advance(2);
        for (var i = 1; i <= 60; i++)
            world.Client($"u{i}").Join();

        ann.Heard().Count.ShouldBe(50);
        world.Advance(1);
        ann.Heard().ShouldBe(["room_presence 61 users"]);
        world.Client("late").Join();
        ann.Heard().ShouldBe(["user_joined late, 62 users"]);
    }

    [Fact]
    public void Typing_is_told_to_the_other_users_at_most_once_a_second()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var other = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        other.Heard();

        ann.Typing().Typing().Heard().ShouldBe(["#2 done", "#3 done"]);
        other.Typing().Heard().ShouldBe(["#2 done"]);
        bob.Heard().ShouldBe(["user_typing ann"]);
        world.Advance(1);
        ann.Typing();
        bob.Heard().ShouldBe(["user_typing ann"]);
        world.Client("cid").Typing().Heard().ShouldBe(["#1 NOT_IN_ROOM"]);
    }

    [Fact]
    public void A_new_name_is_the_one_the_others_hear()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var named = ann.Identity with { User = ann.Identity.User with { Username = "Ann B" } };
        world.Rooms.Tell(world.Room, new RoomMessage.Refresh(ann.Id, named));
        world.Ask(caller => new RoomMessage.GetMembers(caller, null, null, 10))!.Value.Body
            .ShouldBeOfType<Contracts.ReplyBody.MemberPage>().Members.ShouldHaveSingleItem().Username.ShouldBe("Ann B");
    }

    [Fact]
    public void A_connection_that_is_not_in_the_room_is_not_brought_in_by_a_new_name()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann");
        world.Rooms.Tell(world.Room, new RoomMessage.Refresh(ann.Id, ann.Identity));
        world.Client("bob").Join().Heard().ShouldBe(["#1 admitted, 1 users, at 0"]);
    }

    [Fact]
    public void Members_come_in_pages_in_the_order_of_their_ids()
    {
        using var world = new RoomWorld();
        foreach (var name in new[] { "cid", "ann", "bob", "ann" })
            world.Client(name).Join();
        var dan = world.Client("dan").Joined();

        dan.Tell(from => new RoomMessage.GetMembers(from, null, null, 2)).Heard().ShouldBe(["#2 members ann,bob of 4 and more"]);
        dan.Tell(from => new RoomMessage.GetMembers(from, null, "bob", 2)).Heard().ShouldBe(["#3 members cid,dan of 4"]);
        dan.Tell(from => new RoomMessage.GetMembers(from, null, "dan", 2)).Heard().ShouldBe(["#4 members  of 4"]);
    }

    [Fact]
    public void Closing_a_room_removes_everyone_and_who_is_out_cannot_post()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        Transcript.Of(world.Ask(caller => new RoomMessage.Close(caller))!.Value).ShouldBe("done");

        ann.Heard().ShouldBe(["#0 removed"]);
        bob.Heard().ShouldBe(["#0 removed"]);
        ann.Chat("still here").Heard().ShouldBe(["#2 NOT_IN_ROOM"]);
        Transcript.Of(world.Ask(caller => new RoomMessage.GetState(caller, null))!.Value).ShouldBe("state 0 users at 0");
    }

    [Fact]
    public void Who_comes_while_a_count_is_on_its_way_is_in_the_count_and_not_told_before_those_it_stands_for()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var many = Enumerable.Range(1, 49).Select(i => world.Client($"user-{i}").Joined()).ToList();
        ann.Heard().Count.ShouldBe(49);
        world.Advance(0.5);
        many[0].Leave();
        world.Advance(0.7);
        many[0].Join();
        ann.Heard().ShouldBeEmpty();
        world.Advance(0.4);
        ann.Heard().ShouldBe(["room_presence 50 users"]);
        many[0].Leave();
        ann.Heard().ShouldBe(["user_left user-1, 49 users"]);
    }

    [Theory]
    [InlineData(0.0, true, false)]
    [InlineData(1.9, true, false)]
    [InlineData(2.1, true, true)]
    [InlineData(1.9, false, true)]
    public void Who_comes_back_within_the_grace_to_a_room_whose_owner_was_lost_is_not_announced(double seconds, bool knowsTheRoom, bool announced)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var seen = Lost(world, world.Client("bob").Joined(), ann);
        ann.Typing().Heard();

        world.Advance(seconds);
        ann.Heard().ShouldBe(seconds > 2 ? ["room_presence 1 users"] : []);
        world.Client("bob").Join(since: knowsTheRoom ? seen : null);
        ann.Heard().ShouldBe(announced ? ["user_joined bob, 2 users"] : []);
        world.Advance(3);
        ann.Heard().ShouldBe(seconds > 2 ? [] : ["room_presence 2 users"]);
    }

    [Fact]
    public void Without_a_grace_whoever_comes_to_a_room_whose_owner_was_lost_is_announced()
    {
        using var world = new RoomWorld(new RoomPolicy { LeaveGrace = TimeSpan.Zero });
        var ann = world.Client("ann").Joined();
        var seen = Lost(world, world.Client("bob").Joined(), ann);
        ann.Typing().Heard();
        world.Client("bob").Join(since: seen);
        ann.Heard().ShouldBe(["user_joined bob, 2 users"]);
    }

    /// <summary>The room's owner is gone, and a member with it. What the member had seen.</summary>
    private static Contracts.Position Lost(RoomWorld world, RoomClient member, RoomClient witness)
    {
        var seen = member.Messages.OfType<ConnectionMessage.RoomAdmitted>().Last().Admission.Position;
        world.Connections.Remove(member.Id);
        world.StopRoom();
        witness.Heard();
        return seen;
    }
}
