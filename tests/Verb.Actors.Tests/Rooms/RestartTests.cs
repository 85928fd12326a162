using Verb.Actors.Connections;
using Verb.Actors.Rooms;

namespace Verb.Actors.Tests.Rooms;

public sealed class RestartTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_was_in_the_room_is_in_it_after_its_actor_was_started_anew(bool fails)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined(echo: true);
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1");
        ann.Heard();
        bob.Heard();
        if (fails)
            world.FailRoom();
        else
            world.StopRoom();

        ann.Chat("two", "m2").Heard().ShouldBe(["#3 published 2 m2", "chat 2 two from ann"]);
        bob.Heard().ShouldBe(["chat 2 two from ann"]);
        world.Client("cid").Join().Heard().ShouldBe(["#1 admitted, 3 users, at 2, history 1-2"]);
        bob.Leave();
        ann.Heard().ShouldBe(["user_joined cid, 3 users", "user_left bob, 2 users"]);
    }

    [Fact]
    public void A_room_without_members_starts_anew_as_well()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("one", "m1").Leave().Heard();
        world.StopRoom();
        ann.Join().Heard().ShouldBe(["#4 admitted, 1 users, at 1, history 1-1"]);
    }

    [Fact]
    public void A_new_name_and_new_roles_outlast_the_rooms_actor()
    {
        using var world = new RoomWorld(new RoomPolicy { PublishRoles = ["speaker"] });
        var ann = world.Client("ann", "speaker").Joined();
        world.Rooms.Tell(world.Room, new RoomMessage.Refresh(ann.Id, ann.Identity with { Roles = ["user"] }));
        world.System.Settle();
        world.StopRoom();
        ann.Chat("one").Heard().ShouldBe(["#2 FORBIDDEN"]);
    }

    [Fact]
    public void Who_ended_unnoticed_is_not_brought_back()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        world.Connections.Remove(bob.Id);
        world.StopRoom();
        ann.Heard();
        ann.Join().Heard().ShouldBe(["#2 admitted, 1 users, at 0"]);
    }

    [Fact]
    public void Members_of_a_room_that_lost_its_history_are_told_that_they_missed_something()
    {
        using var world = new RoomWorld(new RoomPolicy { Durable = false });
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1").Heard();
        bob.Heard();
        world.FailRoom();
        world.System.Settle();
        bob.Heard().ShouldBe(["missed"]);
        ann.Chat("two", "m2").Heard().ShouldBe(["missed", "#3 published 1 m2"]);
        bob.CatchUp(new Contracts.Position("old", 1));
        bob.Heard().ShouldBe(["chat 1 two from ann", "caught up 1-1 not recovered"]);
    }

    [Fact]
    public void What_members_have_not_heard_and_is_not_in_memory_they_are_told_to_catch_up_with()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 1000 });
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        var down = true;
        world.Store.OpenFails = () => down;
        world.Store.Hold();
        ann.Chat("first").Heard();
        world.Store.Faults.Enqueue(AppendFault.FailsStored);
        ann.ChatTimes(100);
        world.Store.Release();
        bob.Heard().ShouldBe(["chat 1 first from ann"]);
        down = false;
        ann.Typing().Heard();
        bob.Heard().ShouldBe(["missed", "user_typing ann"]);
    }

    [Fact]
    public void A_connection_that_is_behind_while_the_store_is_down_catches_up_when_it_is_back()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1").Heard();
        bob.Heard();
        var epoch = ann.Messages.OfType<ConnectionMessage.RoomAdmitted>().First().Admission.Position.Epoch;
        var down = true;
        world.Store.OpenFails = () => down;
        world.StopRoom();
        bob.CatchUp(new Contracts.Position(epoch, 0));
        bob.Heard().ShouldBeEmpty();
        world.Advance(5);
        bob.Heard().ShouldBeEmpty();
        down = false;
        world.Advance(1);
        bob.Heard().ShouldBe(["caught up 1-1"]);
    }

    [Fact]
    public void A_relay_that_has_not_heard_a_new_name_yet_does_not_bring_the_old_one_back()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        var user = ann.Identity.User;
        world.Rooms.Tell(world.Room, new RoomMessage.Refresh(ann.Id, ann.Identity with { User = user with { Username = "Anna" } }));
        world.Rooms.Tell(world.Room, new RoomMessage.Register(
            RoomWorld.Node, [(ann.Id, ann.Identity, false), (bob.Id, bob.Identity, false)], new Contracts.Position("", 0), new AdmissionStamp(1, long.MaxValue)));

        var page = world.Ask(caller => new RoomMessage.GetMembers(caller, null, null, 10))!.Value.Body.ShouldBeOfType<Contracts.ReplyBody.MemberPage>();
        page.Members.Single(member => member.Id == user.Id).Username.ShouldBe("Anna");
    }
}
