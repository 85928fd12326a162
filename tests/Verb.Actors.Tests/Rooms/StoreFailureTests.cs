using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Tests.Nodes;

namespace Verb.Actors.Tests.Rooms;

public sealed class StoreFailureTests
{
    [Fact]
    public void An_overloaded_store_stores_nothing_and_loses_no_number()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        ann.Chat("one", "m1").Heard();
        world.Store.Faults.Enqueue(AppendFault.Overloaded);
        ann.Chat("two", "m2").Heard().ShouldBe(["#3 OVERLOADED"]);
        ann.Chat("two", "m2").Heard().ShouldBe(["#4 published 2 m2"]);
        bob.Heard().ShouldBe(["chat 1 one from ann", "chat 2 two from ann"]);
    }

    [Fact]
    public void An_overloaded_store_refuses_what_waited_behind_too()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.Faults.Enqueue(AppendFault.Overloaded);
        world.Store.Hold();
        ann.Chat("one", "m1").Heard();
        ann.Chat("two", "m2").Chat("one", "m1").Heard();
        world.Store.Release();
        ann.Heard().ShouldBe(["#2 OVERLOADED", "#4 OVERLOADED", "#3 OVERLOADED"]);
        ann.Chat("two", "m2").Heard().ShouldBe(["#5 published 1 m2"]);
    }

    [Fact]
    public void What_failed_and_yet_was_stored_is_found_and_answered()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        world.Store.Faults.Enqueue(AppendFault.FailsStored);
        ann.Chat("one", "m1").Heard().ShouldBe(["#2 published 1 m1"]);
        ann.Chat("two", "m2").Heard().ShouldBe(["#3 published 2 m2"]);
        bob.Heard().ShouldBe(["chat 1 one from ann", "chat 2 two from ann"]);
        ann.Chat("one", "m1").Heard().ShouldBe(["#4 published 1 m1"]);
    }

    [Theory]
    [InlineData((int)AppendFault.FailsUnstored)]
    [InlineData((int)AppendFault.ThrowsAtOnce)]
    public void What_failed_and_was_not_stored_is_an_internal_error_and_may_be_sent_again(int fault)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        world.Store.Faults.Enqueue((AppendFault)fault);
        ann.Chat("one", "m1").Heard().ShouldBe(["#2 INTERNAL"]);
        ann.Chat("one", "m1").Heard().ShouldBe(["#3 published 1 m1"]);
        bob.Heard().ShouldBe(["chat 1 one from ann"]);
    }

    [Fact]
    public void Of_a_failed_write_what_waited_behind_it_is_answered_too()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.Faults.Enqueue(AppendFault.FailsStored);
        world.Store.Hold();
        ann.Chat("one", "m1").Heard();
        ann.Chat("two", "m2").Heard();
        world.Store.Release();
        ann.Heard().ShouldBe(["#2 published 1 m1", "#3 INTERNAL"]);
        ann.Chat("two", "m2").Heard().ShouldBe(["#4 published 2 m2"]);
    }

    [Fact]
    public void An_owner_that_was_overtaken_acknowledges_nothing_and_ends()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.IsOvertaken = true;
        world.Store.Faults.Enqueue(AppendFault.FenceLost);
        ann.Chat("one", "m1").Heard().ShouldBe(["#2 INTERNAL"]);
        ann.Chat("one", "m1").Heard().ShouldBe(["#3 OVERLOADED"]);
        world.Store.IsOvertaken = false;
        ann.Chat("one", "m1").Heard().ShouldBe(["#4 published 1 m1"]);
    }

    [Fact]
    public void A_room_whose_store_is_down_refuses_everyone_and_works_once_it_is_back()
    {
        using var world = new RoomWorld();
        var down = true;
        world.Store.OpenFails = () => down;
        var ann = world.Client("ann");
        ann.Join().Chat("one").Heard().ShouldBe(["#1 OVERLOADED", "#2 OVERLOADED"]);
        world.Ask(caller => new RoomMessage.GetState(caller, null))!.Value.IsSuccess.ShouldBeFalse();
        down = false;
        ann.Join().Heard().ShouldBe(["#3 admitted, 1 users, at 0"]);
    }

    [Fact]
    public void Members_of_a_room_whose_store_was_down_are_still_in_it_when_it_is_back()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        var down = true;
        world.Store.OpenFails = () => down;
        world.Store.Faults.Enqueue(AppendFault.FailsUnstored);
        ann.Chat("one", "m1").Heard().ShouldBe(["#2 INTERNAL"]);
        ann.Chat("one", "m1").Heard().ShouldBe(["#3 OVERLOADED"]);
        down = false;
        ann.Chat("one", "m1").Heard().ShouldBe(["#4 published 1 m1"]);
        bob.Heard().ShouldBe(["chat 1 one from ann"]);
        world.Client("cid").Join().Heard().ShouldBe(["#1 admitted, 3 users, at 1, history 1-1"]);
    }

    [Fact]
    public void What_was_stored_before_the_store_went_down_the_members_are_told_to_catch_up_with_when_it_is_back()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        var down = true;
        world.Store.OpenFails = () => down;
        world.Store.Faults.Enqueue(AppendFault.FailsStored);
        ann.Chat("one", "m1").Heard().ShouldBe(["#2 INTERNAL"]);
        down = false;
        ann.Chat("two", "m2").Heard();
        ann.Chat("one", "m1").Heard();
        bob.Heard().ShouldBe(["missed", "chat 2 two from ann"]);
    }

    [Fact]
    public void Who_ended_while_the_store_was_down_is_not_in_the_room_when_it_is_back()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        var cid = world.Client("cid").Joined();
        var down = true;
        world.Store.OpenFails = () => down;
        world.Store.Faults.Enqueue(AppendFault.FailsUnstored);
        ann.Chat("one").Heard();
        bob.End(lost: false);
        world.System.Settle();
        cid.End(lost: true);
        world.System.Settle();
        down = false;
        world.Client("dan").Join().Heard().ShouldBe(["#1 admitted, 2 users, at 0"]);
    }

    [Fact]
    public void A_store_that_forgot_the_room_gives_it_a_new_epoch()
    {
        var store = new ScriptedHistoryStore();
        using var world = new RoomWorld(store: store);
        var ann = world.Client("ann").Joined();
        ann.Chat("one", "m1").Heard();
        store.Forget();
        ann.Chat("two", "m2").Heard().ShouldBe(["#3 INTERNAL", "missed"]);
        ann.Chat("two", "m2").Heard().ShouldBe(["#4 published 1 m2"]);
        ann.Messages.OfType<ConnectionMessage.RoomPublished>().Select(p => p.Body.Epoch).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void The_epoch_of_a_durable_room_stays_while_it_sleeps()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("one", "m1").Leave().Heard();
        world.Advance(300);
        world.ActorCount.ShouldBe(0);
        ann.Join();
        ann.Heard().ShouldBe(["#4 admitted, 1 users, at 1, history 1-1"]);
        ann.Messages.OfType<ConnectionMessage.RoomAdmitted>().Select(a => a.Admission.Position.Epoch).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_message_stored_behind_the_rooms_back_is_not_taken_for_the_one_that_failed()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        world.Store.Hold();
        ann.Chat("one", "m1").Heard();
        world.FailRoom();
        world.System.Settle();
        world.Store.Release();
        world.System.Settle();
        ann.Chat("two", "m2").Heard().ShouldContain("#3 INTERNAL");
        ann.Chat("two", "m2").Heard().ShouldContain("#4 published 2 m2");
        bob.Heard().ShouldBe(["missed", "chat 2 two from ann"]);
    }

    [Fact]
    public void A_write_that_outlived_its_room_is_not_taken_for_a_later_one()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.Faults.Enqueue(AppendFault.FailsUnstored);
        world.Store.Hold();
        ann.Chat("one", "m1").Heard();
        world.FailRoom();
        world.System.Settle();
        var first = world.Store.TakeGate();
        world.Store.Hold();
        ann.Chat("two", "m2").Heard().ShouldBeEmpty();
        first.SetResult();

        ann.Heard().ShouldBeEmpty("the second write has not been committed");
        world.Store.Release();
        ann.Heard().ShouldBe(["#3 published 1 m2"]);
    }

    [Fact]
    public void A_node_of_several_that_was_overtaken_says_so_when_it_loads_and_refuses_nobody()
    {
        List<Fence> lost = [];
        using var world = new RoomWorld(fenceLost: lost.Add);
        world.Store.IsOvertaken = true;
        var ann = world.Client("ann");
        ann.Join().Chat("one").Heard().ShouldBeEmpty("it is asked again of the next owner");
        lost.Distinct().ShouldBe([new Fence(0, 1)]);
        world.Rooms.Count.ShouldBe(0);

        world.Store.IsOvertaken = false;
        ann.Join().Heard().ShouldBe(["#3 admitted, 1 users, at 0"]);
    }

    [Fact]
    public void It_says_so_too_where_it_looks_what_was_stored()
    {
        List<Fence> lost = [];
        using var world = new RoomWorld(fenceLost: lost.Add);
        var ann = world.Client("ann").Joined();
        world.Store.IsOvertaken = true;
        world.Store.Faults.Enqueue(AppendFault.FailsUnstored);
        ann.Chat("one", "m1").Heard().ShouldBeEmpty();
        lost.ShouldBe([new Fence(0, 1)]);
        world.Rooms.Count.ShouldBe(0);
    }

    [Fact]
    public void A_room_that_cannot_learn_what_was_stored_is_loaded_anew_and_that_is_no_bug()
    {
        var observer = new RecordingObserver();
        using var world = new RoomWorld(observer: observer);
        var ann = world.Client("ann").Joined();
        var down = true;
        world.Store.OpenFails = () => down;
        world.Store.Faults.Enqueue(AppendFault.FailsUnstored);
        ann.Chat("one", "m1").Heard().ShouldBe(["#2 INTERNAL"]);
        observer.Failures.ShouldHaveSingleItem().Error.ShouldStartWith("Room 'lobby' is loaded anew:");
        down = false;
        ann.Chat("one", "m1").Heard().ShouldBe(["#3 published 1 m1"]);
    }

    [Fact]
    public void One_that_is_given_away_meanwhile_ends()
    {
        var observer = new RecordingObserver();
        using var world = new RoomWorld(observer: observer);
        var ann = world.Client("ann").Joined();
        world.Store.OpenFails = () => true;
        world.Store.Faults.Enqueue(AppendFault.FailsUnstored);
        world.Store.Hold();
        ann.Chat("one", "m1").Heard();
        world.Rooms.Tell(world.Room, new RoomMessage.Retire());
        world.System.Settle();
        world.Rooms.Count.ShouldBe(1, "its write is under way");
        world.Store.Release();
        ann.Heard().ShouldBe(["#2 INTERNAL"]);
        world.Rooms.Count.ShouldBe(0);
        observer.Failures.ShouldBeEmpty();
    }
}
