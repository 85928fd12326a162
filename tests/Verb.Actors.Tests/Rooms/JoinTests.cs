using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

public sealed class JoinTests
{
    [Fact]
    public void The_first_one_in_a_room_is_one_user_at_zero()
    {
        using var world = new RoomWorld();
        world.Client("ann").Join().Heard().ShouldBe(["#1 admitted, 1 users, at 0"]);
    }

    [Fact]
    public void A_joiner_hears_the_last_20_messages_and_then_what_is_live()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(30);
        var bob = world.Client("bob").Join();
        world.System.Settle();
        ann.Chat("live");

        bob.Heard().ShouldBe(["#1 admitted, 2 users, at 30, history 11-30", "chat 31 live from ann"]);
    }

    [Fact]
    public void Replay_says_how_many()
    {
        using var world = new RoomWorld(new RoomPolicy { Replay = 3 });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(5);

        world.Client("bob").Join().Heard().ShouldBe(["#1 admitted, 2 users, at 5, history 3-5"]);
    }

    [Fact]
    public void A_room_that_keeps_no_history_replays_none_and_still_counts()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 0 });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(2);

        world.Client("bob").Join().Heard().ShouldBe(["#1 admitted, 2 users, at 2"]);
        world.Client("cid").Join(since: new Position(Epoch(ann), 1)).Heard().ShouldBe(["#1 admitted, 3 users, at 2, not recovered"]);
        world.Client("dan").Join(since: new Position(Epoch(ann), 2)).Heard().ShouldBe(["#1 admitted, 4 users, at 2, recovered"]);
    }

    [Theory]
    [InlineData(0, ", recovered, history 1-5")]
    [InlineData(3, ", recovered, history 4-5")]
    [InlineData(5, ", recovered")]
    [InlineData(6, ", not recovered, history 1-5")]
    [InlineData(long.MaxValue, ", not recovered, history 1-5")]
    public void With_since_everything_after_it_follows(long seq, string expected)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(5);

        world.Client("bob").Join(since: new Position(Epoch(ann), seq)).Heard().ShouldBe([$"#1 admitted, 2 users, at 5{expected}"]);
    }

    [Fact]
    public void With_since_of_another_epoch_the_last_20_follow_unrecovered()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(30);

        world.Client("bob").Join(since: new Position("other", 29)).Heard()
            .ShouldBe(["#1 admitted, 2 users, at 30, not recovered, history 11-30"]);
    }

    [Theory]
    [InlineData(9, "not recovered, history 11-30")]
    [InlineData(10, "recovered, history 11-30")]
    public void With_since_before_what_was_trimmed_the_last_20_follow_unrecovered(long seq, string expected)
    {
        using var world = new RoomWorld(new RoomPolicy { History = 20 });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(30);

        world.Client("bob").Join(since: new Position(Epoch(ann), seq)).Heard().ShouldBe([$"#1 admitted, 2 users, at 30, {expected}"]);
    }

    [Fact]
    public void What_is_not_in_memory_is_caught_up_from_the_store()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 100 });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(90);

        var bob = world.Client("bob").Join(since: new Position(Epoch(ann), 5));
        bob.Heard().ShouldBe(["#1 admitted, 2 users, at 90, recovered, catch up from 5"]);
        bob.CatchUp(new Position(Epoch(ann), 5));
        bob.Heard().ShouldBe(["caught up 6-90"]);
    }

    [Fact]
    public void What_is_long_is_caught_up_page_by_page()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var text = new string('x', 300_000);
        for (var i = 0; i < 8; i++)
            ann.Chat(text);
        ann.Heard();

        var bob = world.Client("bob").Join(since: new Position(Epoch(ann), 0));
        bob.Heard().ShouldBe(["#1 admitted, 2 users, at 8, recovered, history 1-3, catch up from 3"]);
        bob.CatchUp(new Position(Epoch(ann), 3));
        bob.Heard().ShouldBe(["caught up 4-6 and more"]);
        bob.CatchUp(new Position(Epoch(ann), 6));
        bob.Heard().ShouldBe(["caught up 7-8"]);
    }

    [Fact]
    public void A_page_from_the_store_that_ends_before_the_room_does_says_so()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 1000 });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(200);
        var bob = world.Client("bob").Joined();
        ann.Chat("one more");
        bob.CatchUp(new Position(Epoch(ann), 0));
        ann.Chat("and one while it is read");

        var pages = bob.Heard().Where(line => line.StartsWith("caught", StringComparison.Ordinal)).ToList();
        pages.ShouldBeSubsetOf(["caught up 1-201", "caught up 1-201 and more", "caught up 1-202"]);
    }

    [Fact]
    public void History_that_cannot_be_read_is_told_as_lost()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 1000 });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(200);
        var bob = world.Client("bob").Joined();
        world.Store.ReadFails = true;
        bob.CatchUp(new Position(Epoch(ann), 0));

        bob.Heard().ShouldBe(["caught up 181-200 not recovered"]);
    }

    [Fact]
    public void What_was_trimmed_while_the_client_was_behind_is_told_as_lost()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 10 });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(30);
        var bob = world.Client("bob").Joined();
        bob.CatchUp(new Position(Epoch(ann), 5));

        bob.Heard().ShouldBe(["caught up 21-30 not recovered"]);
    }

    [Fact]
    public void Who_is_not_in_the_room_catches_nothing_up()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("m1");
        var bob = world.Client("bob");
        bob.CatchUp(new Position(Epoch(ann), 0));

        bob.Heard().ShouldBeEmpty();
    }

    [Fact]
    public void A_message_older_than_the_history_age_is_not_replayed_even_in_a_quiet_room()
    {
        using var world = new RoomWorld(new RoomPolicy { HistoryAge = TimeSpan.FromHours(1) });
        var ann = world.Client("ann").Joined();
        ann.Chat("old");
        world.Advance(1800);
        ann.Chat("young");
        world.Advance(2000);

        world.Client("bob").Join().Heard().ShouldBe(["#1 admitted, 2 users, at 2, history 2-2"]);
        world.Client("cid").Join(since: new Position(Epoch(ann), 0)).Heard()
            .ShouldBe(["#1 admitted, 3 users, at 2, not recovered, history 2-2"]);
        ann.Heard();
        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, null, 20)).Heard().ShouldBe(["#4 history 2-2"]);
    }

    [Fact]
    public void Echo_brings_a_sender_its_own_messages_behind_the_reply()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined(echo: true);
        ann.Chat("hello", "m").Heard().ShouldBe(["#2 published 1 m", "chat 1 hello from ann"]);
    }

    [Fact]
    public void Joining_again_replaces_echo_and_answers_like_a_first_join_without_an_event()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined(echo: true);
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1");
        ann.Heard();
        bob.Heard();

        ann.Join(echo: false).Heard().ShouldBe(["#3 admitted, 2 users, at 1, history 1-1"]);
        ann.Chat("two", "m2").Heard().ShouldBe(["#4 published 2 m2"]);
        bob.Heard().ShouldBe(["chat 2 two from ann"]);
    }

    [Fact]
    public void A_user_with_several_connections_counts_once_and_each_of_them_hears()
    {
        using var world = new RoomWorld();
        var phone = world.Client("ann").Joined();
        var laptop = world.Client("ann");
        laptop.Join().Heard().ShouldBe(["#1 admitted, 1 users, at 0"]);
        phone.Heard().ShouldBeEmpty();
        phone.Chat("hello", "m").Heard().ShouldBe(["#2 published 1 m"]);
        laptop.Heard().ShouldBe(["chat 1 hello from ann"]);
    }

    [Fact]
    public void A_role_the_room_needs_is_named_in_the_refusal()
    {
        using var world = new RoomWorld(new RoomPolicy { JoinRoles = ["staff", "boss"] });
        var ann = world.Client("ann", "user").Join();
        ann.Heard().ShouldBe(["#1 FORBIDDEN"]);
        ann.Messages.OfType<ConnectionMessage.Answered>().Single().Answer.Error!.Message
            .ShouldBe("Room 'lobby' needs the role 'staff' or 'boss'.");
        ann.Chat("hello").Heard().ShouldBe(["#2 NOT_IN_ROOM"]);

        world.Client("bob", "user", "boss").Join().Heard().ShouldBe(["#1 admitted, 1 users, at 0"]);
        world.Client("cid", "admin").Join().Heard().ShouldBe(["#1 admitted, 2 users, at 0"]);
    }

    [Fact]
    public void Who_may_not_read_joins_without_history_and_hears_what_is_live()
    {
        using var world = new RoomWorld(new RoomPolicy { ReadRoles = ["reader"] });
        var ann = world.Client("ann", "reader").Joined();
        ann.Chat("before").Heard();
        var bob = world.Client("bob");
        bob.Join(since: new Position(Epoch(ann), 0)).Heard().ShouldBe(["#1 admitted, 2 users, at 1, not recovered"]);
        ann.Chat("after");
        bob.Heard().ShouldBe(["chat 2 after from ann"]);
        bob.CatchUp(new Position(Epoch(ann), 0));
        bob.Heard().ShouldBe(["caught up of none not recovered"]);
        bob.Tell(from => new RoomMessage.GetHistory(from, null, null, null, 20)).Heard().ShouldBe(["#2 FORBIDDEN"]);
        bob.Tell(from => new RoomMessage.GetMembers(from, null, null, 20)).Heard().ShouldBe(["#3 FORBIDDEN"]);
    }

    [Fact]
    public void One_who_is_gone_before_it_is_admitted_hears_nothing_and_is_removed()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Join();
        bob.End(lost: false);

        bob.Heard().ShouldBeEmpty();
        ann.Heard().ShouldBe(["user_joined bob, 2 users", "user_left bob, 1 users"]);
    }

    private static string Epoch(RoomClient client) =>
        client.Messages.OfType<ConnectionMessage.RoomAdmitted>().First().Admission.Position.Epoch;

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, ", not recovered")]
    public void A_long_snapshot_begins_with_what_one_answer_may_bring_and_goes_on_page_by_page(bool hasSince, string recovered)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var text = new string('x', 300_000);
        for (var i = 0; i < 8; i++)
            ann.Chat(text);
        ann.Heard();

        var bob = world.Client("bob").Join(since: hasSince ? new Position("other", 7) : null);
        bob.Heard().ShouldBe([$"#1 admitted, 2 users, at 8{recovered}, history 1-3, catch up from 3"]);
        bob.CatchUp(new Position(Epoch(ann), 3));
        bob.Heard().ShouldBe(["caught up 4-6 and more"]);
    }

    [Fact]
    public void What_is_told_instead_of_what_was_lost_comes_page_by_page_too()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var text = new string('x', 300_000);
        for (var i = 0; i < 8; i++)
            ann.Chat(text);
        ann.Heard();

        var bob = world.Client("bob").Joined();
        bob.CatchUp(new Position("other", 5));
        bob.Heard().ShouldBe(["caught up 1-3 not recovered and more"]);
    }
}
