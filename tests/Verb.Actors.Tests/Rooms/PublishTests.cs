using System.Text;
using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

public sealed class PublishTests
{
    [Fact]
    public void A_message_is_answered_to_its_sender_and_told_to_the_others()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();

        ann.Chat("hello", "m").Heard().ShouldBe(["#2 published 1 m"]);
        bob.Heard().ShouldBe(["chat 1 hello from ann"]);
    }

    [Fact]
    public void A_message_without_an_id_is_given_one()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("hello").Chat("hello");
        var ids = ann.Messages.OfType<ConnectionMessage.RoomPublished>().Select(p => p.Body.MessageId).ToList();
        ids.Count.ShouldBe(2);
        ids.ShouldAllBe(id => Identifier.IsLabel(id));
        ids.ShouldBeUnique();
    }

    [Fact]
    public void Numbers_have_no_gaps_whoever_publishes()
    {
        using var world = new RoomWorld();
        var clients = Enumerable.Range(0, 5).Select(i => world.Client($"u{i}").Joined()).ToList();
        var listener = world.Client("listener").Joined();
        for (var i = 0; i < 20; i++)
        {
            foreach (var client in clients)
                client.Chat("x");
        }

        listener.Heard().Select(line => line.Split(' ')[1]).ShouldBe(Enumerable.Range(1, 100).Select(i => $"{i}"));
    }

    [Fact]
    public void Who_is_not_in_the_room_is_told_so_whatever_it_sends()
    {
        using var world = new RoomWorld();
        world.Client("ann").Joined();
        var bob = world.Client("bob");
        bob.Chat("hi").Typing()
            .Tell(from => new RoomMessage.SendEvent(from, "move", "{}"u8.ToArray()))
            .Tell(from => new RoomMessage.Media(from, new byte[] { 2 }))
            .Tell(from => new RoomMessage.GetMembers(from, null, null, 10))
            .Tell(from => new RoomMessage.GetHistory(from, null, null, null, 10))
            .Tell(from => new RoomMessage.ShareFile(from, WireFormat.Event(new ServerEvent.FileUploaded("u", "f", 1, "s", "/u"))));
        bob.Heard().ShouldBe(Enumerable.Range(1, 7).Select(i => $"#{i} NOT_IN_ROOM"));
    }

    [Fact]
    public void Who_lacks_the_role_may_listen_and_not_publish()
    {
        using var world = new RoomWorld(new RoomPolicy { PublishRoles = ["speaker"] });
        var ann = world.Client("ann", "speaker").Joined();
        var bob = world.Client("bob").Joined();
        bob.Chat("hi")
            .Tell(from => new RoomMessage.SendEvent(from, "move", "{}"u8.ToArray()))
            .Tell(from => new RoomMessage.Media(from, new byte[] { 2 }))
            .Tell(from => new RoomMessage.ShareFile(from, WireFormat.Event(new ServerEvent.FileUploaded("u", "f", 1, "s", "/u"))))
            .Heard().ShouldBe(["#2 FORBIDDEN", "#3 FORBIDDEN", "#4 FORBIDDEN", "#5 FORBIDDEN"]);
        ann.Chat("hello");
        bob.Heard().ShouldBe(["chat 1 hello from ann"]);
    }

    [Fact]
    public void A_role_that_was_taken_away_no_longer_publishes()
    {
        using var world = new RoomWorld(new RoomPolicy { PublishRoles = ["speaker"] });
        var ann = world.Client("ann", "speaker").Joined();
        world.Rooms.Tell(world.Room, new RoomMessage.Refresh(ann.Id, ann.Identity with { Roles = ["user"] }));
        ann.Chat("hi").Heard().ShouldBe(["#2 FORBIDDEN"]);
    }

    [Fact]
    public void Events_media_and_files_go_to_the_other_connections_of_the_sender_too()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var annToo = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        annToo.Heard();
        ann.Tell(from => new RoomMessage.SendEvent(from, "move", "{\"x\":1}"u8.ToArray()))
            .Tell(from => new RoomMessage.Media(from, new byte[] { 2, 0xAB }))
            .Tell(from => new RoomMessage.ShareFile(from, WireFormat.Event(new ServerEvent.FileUploaded("u", "f", 1, "s", "/u"))))
            .Heard().ShouldBe(["#2 done", "#3 done", "#4 done"]);
        string[] expected = ["room_event move {\"x\":1} from ann", "binary 02AB", "file_uploaded"];
        annToo.Heard().ShouldBe(expected);
        bob.Heard().ShouldBe(expected);
    }

    [Fact]
    public void Nothing_is_answered_or_told_before_it_is_committed()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        world.Store.Hold();

        ann.Chat("hello", "m").Heard().ShouldBeEmpty();
        bob.Heard().ShouldBeEmpty();
        world.Client("cid").Join().Heard().ShouldBe(["#1 admitted, 3 users, at 0"]);
        world.Store.Release();
        ann.Heard().ShouldBe(["user_joined cid, 3 users", "#2 published 1 m"]);
        bob.Heard().ShouldBe(["user_joined cid, 3 users", "chat 1 hello from ann"]);
    }

    [Fact]
    public void What_arrives_while_a_write_is_under_way_is_the_next_write()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.Hold();
        ann.Chat("1").Heard();
        ann.Chat("2").Chat("3").Heard();
        ann.Chat("4").Heard();
        world.Store.Appends.Count.ShouldBe(1);
        world.Store.Release();
        ann.Heard().Count.ShouldBe(4);

        world.Store.Appends.Select(append => Transcript.Range(append.Publications.Select(p => p.Seq))).ShouldBe(["1-1", "2-4"]);
    }

    [Fact]
    public void A_write_trims_what_the_policy_keeps_no_longer()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 10, HistoryAge = TimeSpan.FromMinutes(5) });
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(30);
        var last = world.Store.Appends[^1];
        last.TrimThroughSeq.ShouldBe(20);
        last.TrimBefore.ShouldBe((world.System.Clock.GetUtcNow() - TimeSpan.FromMinutes(5)).ToUnixTimeMilliseconds());
    }

    [Fact]
    public void A_room_that_is_not_durable_never_writes_and_answers_at_once()
    {
        using var world = new RoomWorld(new RoomPolicy { Durable = false });
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        ann.Chat("hello", "m").Heard().ShouldBe(["#2 published 1 m"]);
        bob.Heard().ShouldBe(["chat 1 hello from ann"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, null, 20)).Heard().ShouldBe(["#3 history 1-1"]);
        world.Store.Appends.ShouldBeEmpty();
        world.Store.Reads.ShouldBe(0);
    }

    [Fact]
    public void The_application_publishes_without_being_a_member()
    {
        using var world = new RoomWorld(new RoomPolicy { PublishRoles = ["nobody"] });
        var ann = world.Client("ann").Joined();
        var answer = world.Ask(caller => new RoomMessage.Publish(caller, "1"u8.ToArray(), "m", User.Application))!.Value;

        Transcript.Of(answer).ShouldBe("published 1 m");
        ann.Heard().ShouldBe(["chat 1 1 from $application"]);
    }

    [Fact]
    public void The_application_publishes_into_an_empty_room()
    {
        using var world = new RoomWorld();
        Transcript.Of(world.Ask(caller => new RoomMessage.Publish(caller, "1"u8.ToArray(), "m", User.Application))!.Value)
            .ShouldBe("published 1 m");
        world.Client("ann").Join().Heard().ShouldBe(["#1 admitted, 1 users, at 1, history 1-1"]);
    }

    [Fact]
    public void Who_left_while_its_message_was_written_is_still_answered()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.Hold();
        ann.Chat("bye", "m").Leave().Heard().ShouldBe(["#3 removed"]);
        world.Store.Release();
        ann.Heard().ShouldBe(["#2 published 1 m"]);
    }

    [Fact]
    public void What_waits_for_the_store_is_bounded()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.Hold();
        var text = new string('x', 1024 * 1024);
        for (var i = 0; i < 20; i++)
            ann.Chat(text);
        var refused = ann.Heard();
        refused.ShouldBe(["#18 OVERLOADED", "#19 OVERLOADED", "#20 OVERLOADED", "#21 OVERLOADED"]);
        world.Store.Release();
        ann.Heard().Count.ShouldBe(16);
        ann.Chat("again", "m").Heard().ShouldBe(["#22 published 17 m"]);
    }

    [Fact]
    public void History_is_read_forward_backward_and_latest()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.ChatTimes(50);
        ann.Heard();
        var epoch = ann.Messages.OfType<ConnectionMessage.RoomAdmitted>().First().Admission.Position.Epoch;

        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, null, 20)).Heard().ShouldBe(["#52 history 31-50 and more"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, 31, 20)).Heard().ShouldBe(["#53 history 11-30 and more"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, 11, 20)).Heard().ShouldBe(["#54 history 1-10"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, new Position(epoch, 10), null, 20)).Heard()
            .ShouldBe(["#55 history 11-30 and more"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, new Position(epoch, 40), null, 20)).Heard().ShouldBe(["#56 history 41-50"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, new Position(epoch, 50), null, 20)).Heard().ShouldBe(["#57 history of none"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, new Position("other", 40), null, 100)).Heard().ShouldBe(["#58 history 1-50"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_of_history_is_at_most_256_KiB(bool durable)
    {
        using var world = new RoomWorld(new RoomPolicy { Durable = durable });
        var ann = world.Client("ann").Joined();
        var text = new string('x', 100_000);
        for (var i = 0; i < 5; i++)
            ann.Chat(text);
        ann.Heard();
        var epoch = ann.Messages.OfType<ConnectionMessage.RoomAdmitted>().First().Admission.Position.Epoch;

        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, null, 20)).Heard().ShouldBe(["#7 history 4-5 and more"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, new Position(epoch, 0), null, 20)).Heard().ShouldBe(["#8 history 1-2 and more"]);
        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, 4, 20)).Heard().ShouldBe(["#9 history 2-3 and more"]);
    }

    [Fact]
    public void The_application_reads_what_it_likes_and_a_reader_what_the_policy_lets_it()
    {
        using var world = new RoomWorld(new RoomPolicy { ReadRoles = ["reader"], JoinRoles = ["member"] });
        world.Ask(caller => new RoomMessage.Publish(caller, "1"u8.ToArray(), "m", User.Application));
        Transcript.Of(world.Ask(caller => new RoomMessage.GetHistory(caller, null, null, null, 20))!.Value).ShouldBe("history 1-1");
        Transcript.Of(world.Ask(caller => new RoomMessage.GetState(caller, null))!.Value).ShouldBe("state 0 users at 1");

        foreach (var (roles, expected) in new[] { (new[] { "reader", "member" }, "done"), (["reader"], "FORBIDDEN"), (["member"], "FORBIDDEN"), (["admin"], "done") })
        {
            var reader = world.Client("ann", roles).Identity;
            Transcript.Of(world.Ask(caller => new RoomMessage.CheckRead(caller, reader))!.Value).ShouldBe(expected);
        }
    }

    [Fact]
    public void History_that_cannot_be_read_is_an_internal_error_and_the_room_lives_on()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        world.Store.ReadFails = true;
        ann.Tell(from => new RoomMessage.GetHistory(from, null, null, null, 20)).Heard().ShouldBe(["#2 INTERNAL"]);
        ann.Chat(Encoding.UTF8.GetString("hi"u8), "m").Heard().ShouldBe(["#3 published 1 m"]);
    }

    [Fact]
    public void Media_is_answered_by_nobody_also_where_it_is_refused()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann");
        world.Rooms.Tell(world.Room, new RoomMessage.Media(new Caller.Member(ann.Id, 0), new byte[] { 2, 7 }));
        ann.Heard().ShouldBeEmpty();
        ann.Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        world.Rooms.Tell(world.Room, new RoomMessage.Media(new Caller.Member(ann.Id, 0), new byte[] { 2, 7 }));
        bob.Heard().ShouldBe(["binary 0207"]);
        ann.Heard().ShouldBeEmpty();
    }

    [Fact]
    public void A_link_that_is_behind_may_drop_media_and_no_other_command()
    {
        var from = new Caller.Member(new ConnectionId(RoomWorld.Node, 1), 0);
        MayDrop(new RoomMessage.Media(from, new byte[1])).ShouldBeTrue();
        MayDrop(new RoomMessage.Publish(from, new byte[1], null, null)).ShouldBeFalse();
        MayDrop(new RoomMessage.Typing(from)).ShouldBeFalse();

        static bool MayDrop(RoomMessage message) => new NodeMessage.ToRoom(new RoomId("r"), 1, message).MayDrop;
    }
}
