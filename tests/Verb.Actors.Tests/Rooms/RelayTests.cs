using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

public sealed class RelayTests
{
    [Fact]
    public void Messages_that_come_together_are_told_as_one()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        world.Store.Hold();
        ann.Chat("1").Heard();
        ann.ChatTimes(10);
        world.Store.Release();

        bob.Heard().Count.ShouldBe(11);
        var deliveries = bob.Messages.OfType<ConnectionMessage.RoomDelivery>().ToList();
        deliveries.Count.ShouldBeLessThan(11);
        deliveries[0].FirstSeq.ShouldBe(1);
        deliveries.Zip(deliveries.Skip(1)).ShouldAllBe(pair => pair.Second.FirstSeq == pair.First.LastSeq + 1);
        deliveries[^1].LastSeq.ShouldBe(11);
    }

    [Fact]
    public void A_publishers_replies_take_their_messages_places_among_those_of_others()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined(echo: true);
        var cid = world.Client("cid").Joined();
        ann.Heard();
        bob.Heard();
        world.Store.Hold();
        cid.Chat("0", "c").Heard();
        ann.Chat("1", "a1").Heard();
        bob.Chat("2", "b1").Heard();
        ann.Chat("3", "a2").Heard();
        world.Store.Release();

        ann.Heard().ShouldBe(["chat 1 0 from cid", "#2 published 2 a1", "chat 3 2 from bob", "#3 published 4 a2"]);
        bob.Heard().ShouldBe(["chat 1 0 from cid", "chat 2 1 from ann", "#2 published 3 b1", "chat 3 2 from bob", "chat 4 3 from ann"]);
        cid.Heard().ShouldBe(["#2 published 1 c", "chat 2 1 from ann", "chat 3 2 from bob", "chat 4 3 from ann"]);
    }

    [Fact]
    public void What_is_told_behind_a_message_stays_behind_it()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        world.Store.Hold();
        ann.Chat("one").Heard();
        world.Store.Release();
        ann.Heard();
        ann.Typing();
        bob.Heard().ShouldBe(["chat 1 one from ann", "user_typing ann"]);
    }

    [Fact]
    public void A_connection_that_takes_no_more_is_told_that_it_missed_something()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        var cid = world.Client("cid").Joined();
        bob.Heard();
        cid.Heard();
        ann.Heard();
        bob.Clog();
        ann.Chat("one", "m1").Heard();
        ann.Typing().Heard();
        bob.Clog(false);
        ann.Chat("two", "m2").Heard();

        bob.Heard().ShouldBe(["missed", "chat 2 two from ann"]);
        cid.Heard().ShouldBe(["chat 1 one from ann", "user_typing ann", "chat 2 two from ann"]);
    }

    [Fact]
    public void A_publisher_that_takes_no_more_is_answered_all_the_same()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined(echo: true);
        ann.Clog();
        ann.Chat("one", "m1").Heard().ShouldBe(["#2 published 1 m1", "chat 1 one from ann"]);
    }

    [Fact]
    public void A_relay_without_members_ends_and_a_later_joiner_has_a_new_one()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Leave().Heard();
        world.Advance(120);
        world.ActorCount.ShouldBe(0);
        world.System.Hub.Timers.Count.ShouldBe(0);
        ann.Join().Heard().ShouldBe(["#3 admitted, 1 users, at 0"]);
    }

    [Fact]
    public void A_relay_with_members_stays()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        world.Advance(3600);
        ann.Heard();
        bob.Chat("still here?", "m").Heard().ShouldBe(["#2 published 1 m"]);
        ann.Heard().ShouldBe(["chat 1 still here? from bob"]);
    }

    [Fact]
    public void A_number_told_twice_is_delivered_once_and_its_publisher_answered()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1").Heard();
        var told = ann.Messages.OfType<ConnectionMessage.RoomPublished>().Single().Body;
        var publication = new Publication(1, "m1", ann.Identity.User, "\"one\""u8.ToArray(), told.Timestamp);
        world.Relays.Tell(world.Room, new RelayMessage.Published(publication, told.Epoch, new Caller.Member(ann.Id, 99)));

        ann.Heard().ShouldBe(["#99 published 1 m1"]);
        bob.Heard().ShouldBe(["chat 1 one from ann"]);
    }

    [Fact]
    public void The_reply_to_a_number_told_twice_goes_behind_the_numbers_before_it()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1").Heard();
        var epoch = ann.Messages.OfType<ConnectionMessage.RoomPublished>().Single().Body.Epoch;
        RelayMessage[] told =
        [
            new RelayMessage.Published(new Publication(2, "m2", bob.Identity.User, "\"two\""u8.ToArray(), 0), epoch, null),
            new RelayMessage.Published(new Publication(3, "m3", ann.Identity.User, "\"three\""u8.ToArray(), 0), epoch, new Caller.Member(ann.Id, 99)),
        ];
        foreach (var message in told.Concat(told))
            world.Relays.Tell(world.Room, message);

        ann.Heard().Take(2).ShouldBe(["chat 2 two from bob", "#99 published 3 m3"]);
    }

    [Fact]
    public void A_gap_is_never_hidden()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("one", "m1").Heard();
        var epoch = ann.Messages.OfType<ConnectionMessage.RoomPublished>().Single().Body.Epoch;
        var publication = new Publication(3, "m3", ann.Identity.User, "\"three\""u8.ToArray(), 0);
        world.Relays.Tell(world.Room, new RelayMessage.Published(publication, epoch, null));

        ann.Heard().ShouldBe(["missed", "chat 3 three from ann"]);
    }

    [Fact]
    public void A_full_mailbox_takes_what_is_numbered_and_counts_what_it_refuses()
    {
        using var world = new RoomWorld();
        var told = new RelayMessage.Told("{}"u8.ToArray(), null, null);
        var media = new RelayMessage.Media(new byte[] { 2 }, default);
        world.Relays.Tell(world.Room, told);
        world.System.Settle();
        for (var i = 0; i < 20_000; i++)
            world.Relays.Tell(world.Room, i % 2 == 0 ? told : media);
        world.Drops.Value.ShouldBe(20_000 - (16 * 1024));
        world.Relays.Tell(world.Room, new RelayMessage.Missed(new Position("e", 1)));
        world.Drops.Value.ShouldBe(20_000 - (16 * 1024));
    }

    [Fact]
    public void A_relay_that_is_far_behind_drops_what_is_worth_something_only_now_and_tells_the_rest()
    {
        const int waiting = 16_000;
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("one", "m1").Heard();
        var epoch = ann.Messages.OfType<ConnectionMessage.RoomPublished>().Single().Body.Epoch;
        for (var i = 0; i < 100; i++)
            world.Client($"user-{i}").Joined().Clog();
        ann.Heard();

        world.Relays.Tell(world.Room, new RelayMessage.Told(WireFormat.Event(new ServerEvent.RoomPresence(world.Room, 101)), null, null));
        var typing = new RelayMessage.Told(WireFormat.Event(new ServerEvent.UserTyping(world.Room, ann.Identity.User)), null, new UserId("user-1"));
        for (var i = 0; i < waiting; i++)
            world.Relays.Tell(world.Room, typing);
        world.Relays.Tell(world.Room, new RelayMessage.Published(new Publication(2, "m2", ann.Identity.User, "\"two\""u8.ToArray(), 0), epoch, null));

        var heard = ann.Heard();
        heard[0].ShouldBe("room_presence 101 users");
        heard[^1].ShouldBe("chat 2 two from ann");
        world.Drops.Value.ShouldBeGreaterThan(waiting / 4);
        (heard.Count - 2 + world.Drops.Value).ShouldBe(waiting);
        heard.Count.ShouldBeGreaterThan(waiting / 4, "it catches up");
    }

    [Theory]
    [InlineData(false, "#2 published 1 m1")]
    [InlineData(true, "#2 published 1 m1", "chat 1 one from ann")]
    public void What_a_relay_did_not_hear_it_is_told_again_and_the_sender_hears_its_reply_in_its_place(bool echo, params string[] expected)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined(echo);
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1").Heard();
        Forget(world, ann, bob);

        world.Relays.Tell(world.Room, new RelayMessage.RegisterAgain(default));
        ann.Heard().ShouldBe(expected);
        bob.Heard().ShouldBe(["chat 1 one from ann"]);
    }

    [Fact]
    public void Where_a_room_does_not_know_who_sent_it_nobody_is_told_it_as_live()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Chat("one", "m1").Heard();
        Forget(world, ann, bob);

        world.StopRoom();
        ann.Typing().Heard().ShouldBe(["missed", "#3 done"]);
        bob.Heard().ShouldBe(["missed", "user_typing ann"]);
    }

    /// <summary>The room's relay has heard nothing yet, for all it knows.</summary>
    private static void Forget(RoomWorld world, RoomClient ann, RoomClient bob)
    {
        var epoch = ann.Messages.OfType<ConnectionMessage.RoomPublished>().Single().Body.Epoch;
        world.Relays.Tell(world.Room, new RelayMessage.Missed(new Position(epoch, 0)));
        ann.Heard();
        bob.Heard();
    }
}
