using Verb.Actors.Connections;
using Verb.Actors.Tests.Rooms;
using Verb.Actors.Users;

namespace Verb.Actors.Tests.Users;

public sealed class InboxTests
{
    [Fact]
    public void A_message_reaches_every_connection_and_is_delivered_once_one_has_written_it()
    {
        using var world = new UserWorld().Connected(1, 2);
        world.Send("hi", "m");
        world.Heard(1).ShouldBe(["private 1 hi from bob"]);
        world.Heard(2).ShouldBe(["private 1 hi from bob"]);
        world.Answers().ShouldBeEmpty();
        world.Tell(new UserMessage.Written(1));
        world.Tell(new UserMessage.Written(1));
        world.Answers().ShouldBe(["#1 delivered m"]);
    }

    [Fact]
    public void Nothing_is_told_or_answered_before_it_is_stored()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Hold();
        world.Send("hi", "m");
        world.Heard(1).ShouldBeEmpty();
        world.Answers().ShouldBeEmpty();
        world.Store.Release();
        world.Heard(1).ShouldBe(["private 1 hi from bob"]);
    }

    [Fact]
    public void A_message_for_one_who_is_away_waits_for_each_connect_until_acknowledged()
    {
        using var world = new UserWorld().Connected(1);
        world.End(1);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 queued m"]);
        world.Advance(300);
        world.Connect(2).Heard(2).ShouldBe(["registered", "private 1 hi from bob"]);
        world.Connect(3).Heard(3).ShouldBe(["registered", "private 1 hi from bob"]);
        world.Acknowledge(3, 1);
        world.Heard(3).ShouldBe(["#7 acknowledged 1"]);
        world.Connect(4).Heard(4).ShouldBe(["registered"]);
        world.End(2);
        world.End(3);
        world.End(4);
        world.Advance(300);
        world.Connect(5).Heard(5).ShouldBe(["registered"]);
    }

    [Fact]
    public void Acknowledging_more_than_there_is_acknowledges_what_there_is()
    {
        using var world = new UserWorld().Connected(1);
        world.Send("hi");
        world.Heard(1);
        world.Acknowledge(1, 99);
        world.Heard(1).ShouldBe(["#7 acknowledged 1"]);
        world.Send("next");
        world.Connect(2).Heard(2).ShouldBe(["registered", "private 2 next from bob"]);
    }

    [Fact]
    public void A_message_no_socket_takes_in_two_seconds_is_queued()
    {
        using var world = new UserWorld().Connected(1);
        world.Send("hi", "m");
        world.Advance(2);
        world.Answers().ShouldBe(["#1 queued m"]);
    }

    [Fact]
    public void A_message_whose_last_connection_ends_before_it_was_written_is_queued()
    {
        using var world = new UserWorld().Connected(1);
        world.Send("hi", "m");
        world.Answers().ShouldBeEmpty();
        world.End(1);
        world.Answers().ShouldBe(["#1 queued m"]);
    }

    [Fact]
    public void The_last_100_are_kept_in_memory_and_in_the_store()
    {
        using var world = new UserWorld().Connected(1);
        world.End(1);
        for (var i = 1; i <= 103; i++)
            world.Send($"m{i}");
        world.Answers().Count.ShouldBe(103);
        world.Connect(2).Heard(2).Skip(1).ShouldBe(Enumerable.Range(4, 100).Select(i => $"private {i} m{i} from bob"));
        world.End(2);
        world.Advance(120);
        world.Users.Count.ShouldBe(0);
        world.Connect(3).Heard(3).Skip(1).ShouldBe(Enumerable.Range(4, 100).Select(i => $"private {i} m{i} from bob"));
    }

    [Fact]
    public void A_private_message_to_one_never_seen_is_not_found()
    {
        using var world = new UserWorld();
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 NOT_FOUND"]);
    }

    [Fact]
    public void One_who_was_seen_is_known_after_it_left_memory()
    {
        using var world = new UserWorld().Connected(1);
        world.End(1);
        world.Advance(120);
        world.Users.Count.ShouldBe(0);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 queued m"]);
    }

    [Fact]
    public void One_whom_the_store_could_not_note_is_noted_while_it_stays()
    {
        using var world = new UserWorld();
        world.Store.MarkingFails = true;
        world.Connected(1);
        world.Store.MarkingFails = false;
        world.Advance(61);
        world.Store.MarkingFails = true;
        world.End(1);
        world.Advance(120);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 queued m"]);
    }

    [Fact]
    public void A_notification_waits_for_anyone()
    {
        using var world = new UserWorld();
        world.Heard(100);
        world.Tell(new UserMessage.Send(new Caller.Member(UserWorld.Id(100), 1), null, "{\"text\":\"n\",\"seq\":99}"u8.ToArray(), "m"));
        world.Answers().ShouldBe(["#1 queued m"]);
        world.Connect(1).Heard(1).ShouldBe(["registered", "notification 1 n"]);
    }

    [Fact]
    public void A_message_sent_again_is_stored_once_and_answered_the_same()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Hold();
        world.Send("hi", "m");
        world.Send("hi", "m");
        world.Store.Release();
        world.System.Settle();
        world.Send("hi", "m");
        world.Heard(1).ShouldBe(["private 1 hi from bob"]);
        world.Tell(new UserMessage.Written(1));
        world.Answers().ShouldBe(["#1 delivered m", "#2 delivered m", "#3 delivered m"]);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#4 delivered m"]);
        world.Acknowledge(1, 1);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#5 delivered m"]);
        world.Advance(601);
        world.Send("hi", "m");
        world.Heard(1).ShouldContain("private 2 hi from bob");
    }

    [Fact]
    public void Writes_are_made_one_after_the_other_and_keep_their_order()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Hold();
        for (var i = 1; i <= 5; i++)
            world.Send($"m{i}");
        world.System.Settle();
        world.Store.Writing.ShouldBe(1);
        world.Store.Release();
        world.Heard(1).ShouldBe(Enumerable.Range(1, 5).Select(i => $"private {i} m{i} from bob"));
    }

    [Fact]
    public void A_user_stays_while_something_is_being_stored()
    {
        using var world = new UserWorld().Connected(1);
        world.End(1);
        world.Store.Hold();
        world.Send("hi", "m");
        world.Advance(120);
        world.Store.Release();
        world.Answers().ShouldBe(["#1 queued m"]);
    }

    [Fact]
    public void What_waits_for_the_store_is_bounded()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Hold();
        for (var i = 0; i < 1002; i++)
        {
            world.Send("x");
            world.System.Settle();
        }

        world.Answers().ShouldBe(["#1001 OVERLOADED", "#1002 OVERLOADED"]);
    }

    [Fact]
    public void An_overloaded_store_stores_nothing()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Faults.Enqueue(AppendFault.Overloaded);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 OVERLOADED"]);
        world.Send("hi", "m");
        world.Heard(1).ShouldBe(["private 2 hi from bob"]);
    }

    [Theory]
    [InlineData((int)AppendFault.FailsUnstored)]
    [InlineData((int)AppendFault.ThrowsAtOnce)]
    public void What_failed_and_was_not_stored_may_be_sent_again(int fault)
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Faults.Enqueue((AppendFault)fault);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 INTERNAL"]);
        world.Send("hi", "m");
        world.Heard(1).ShouldBe(["private 2 hi from bob"]);
    }

    [Fact]
    public void What_failed_and_yet_was_stored_is_found_and_told_once()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Faults.Enqueue(AppendFault.FailsStored);
        world.Send("hi", "m");
        world.Heard(1).ShouldBe(["private 1 hi from bob"]);
        world.Tell(new UserMessage.Written(1));
        world.Answers().ShouldBe(["#1 delivered m"]);
        world.Send("hi", "m");
        world.Heard(1).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_stored_before_the_store_went_down_is_told_once_when_it_is_back()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Faults.Enqueue(AppendFault.FailsStored);
        world.Store.IsDown = true;
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 INTERNAL"]);
        world.Store.IsDown = false;
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#2 OVERLOADED"]);
        world.Heard(1).ShouldBe(["private 1 hi from bob"]);
        world.Tell(new UserMessage.Written(1));
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#3 delivered m"]);
        world.Heard(1).ShouldBeEmpty();
    }

    [Fact]
    public void Behind_one_that_may_be_stored_unknown_none_is_stored_or_told()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Faults.Enqueue(AppendFault.FailsStored);
        world.Store.Hold();
        world.Send("one", "m1");
        world.Send("two", "m2");
        world.Store.IsDown = true;
        world.Store.Release();
        world.Answers().ShouldBe(["#1 INTERNAL", "#2 OVERLOADED"]);
        world.Heard(1).ShouldBeEmpty();
        world.Store.IsDown = false;
        world.Send("two", "m2");
        world.Heard(1).ShouldBe(["private 1 one from bob"]);
    }

    [Fact]
    public void An_acknowledgement_that_could_not_be_stored_is_refused_and_the_item_kept()
    {
        using var world = new UserWorld().Connected(1);
        world.Send("hi");
        world.Heard(1);
        world.Store.IsDown = true;
        world.Acknowledge(1, 1);
        world.Heard(1).ShouldBe(["#7 OVERLOADED"]);
        world.Connect(2).Heard(2).ShouldBe(["registered", "private 1 hi from bob"]);
    }

    [Fact]
    public void An_overtaken_owner_acknowledges_nothing_and_ends()
    {
        using var world = new UserWorld().Connected(1);
        world.Store.Faults.Enqueue(AppendFault.FenceLost);
        world.Send("hi", "m");
        world.Answers().ShouldBe(["#1 INTERNAL"]);
        world.Users.Count.ShouldBe(0);
    }
}
