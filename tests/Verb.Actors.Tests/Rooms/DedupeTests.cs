using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

public sealed class DedupeTests
{
    [Fact]
    public void A_message_sent_again_gets_the_first_answer_and_is_told_once()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        ann.Chat("hello", "m").Heard();
        world.Advance(3);
        ann.Chat("hello", "m").Heard().ShouldBe(["#3 published 1 m"]);

        bob.Heard().ShouldBe(["chat 1 hello from ann"]);
        Answers(ann).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_message_sent_again_before_it_is_written_gets_the_same_answer()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var annToo = world.Client("ann").Joined();
        world.Store.Hold();
        ann.Chat("hello", "m").Chat("hello", "m").Heard().ShouldBeEmpty();
        annToo.Chat("hello", "m").Heard().ShouldBeEmpty();
        world.Store.Release();

        ann.Heard().ShouldBe(["#2 published 1 m", "#3 published 1 m"]);
        annToo.Heard().ShouldBe(["chat 1 hello from ann", "#2 published 1 m"]);
        world.Store.Appends.ShouldHaveSingleItem().Publications.ShouldHaveSingleItem();
    }

    [Fact]
    public void An_id_is_its_senders_own()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        var bob = world.Client("bob").Joined();
        ann.Heard();
        ann.Chat("hello", "m").Heard().ShouldBe(["#2 published 1 m"]);
        bob.Chat("hello", "m").Heard().ShouldBe(["chat 1 hello from ann", "#2 published 2 m"]);
    }

    [Fact]
    public void Trimming_forgets_no_id()
    {
        using var world = new RoomWorld(new RoomPolicy { History = 2 });
        var ann = world.Client("ann").Joined();
        ann.Chat("hello", "m");
        ann.ChatTimes(10);
        ann.Heard();
        ann.Chat("hello", "m").Heard().ShouldBe(["#13 published 1 m"]);
    }

    [Theory]
    [InlineData(599, 1)]
    [InlineData(601, 2)]
    public void An_id_is_remembered_for_ten_minutes(int seconds, int seq)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("hello", "m").Heard();
        world.Advance(seconds);
        ann.Chat("hello", "m").Heard().ShouldBe([$"#3 published {seq} m"]);
    }

    [Theory]
    [InlineData(599, 1)]
    [InlineData(601, 2)]
    public void An_id_is_remembered_while_the_room_sleeps(int seconds, int seq)
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("hello", "m").Leave().Heard();
        world.Advance(seconds);
        world.ActorCount.ShouldBe(0);
        ann.Joined();
        ann.Chat("hello", "m").Heard().ShouldBe([$"#5 published {seq} m"]);
    }

    [Fact]
    public void A_room_that_is_not_durable_stays_awake_until_it_may_forget_the_last_id()
    {
        using var world = new RoomWorld(new RoomPolicy { Durable = false });
        var ann = world.Client("ann").Joined();
        ann.Chat("hello", "m").Leave().Heard();
        world.Advance(590);
        ann.Joined();
        ann.Chat("hello", "m").Leave().Heard().ShouldBe(["#5 published 1 m", "#6 removed"]);
        world.Advance(700);
        world.ActorCount.ShouldBe(0);
        ann.Join().Heard().ShouldBe(["#7 admitted, 1 users, at 0"]);
    }

    [Fact]
    public void Who_has_left_gets_no_old_answer_either()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("hello", "m").Leave().Chat("hello", "m").Heard().ShouldBe(["#3 removed", "#4 NOT_IN_ROOM", "#2 published 1 m"]);
    }

    [Fact]
    public void The_application_has_ids_of_its_own()
    {
        using var world = new RoomWorld();
        for (var i = 0; i < 2; i++)
        {
            Transcript.Of(world.Ask(caller => new RoomMessage.Publish(caller, "1"u8.ToArray(), "m", User.Application))!.Value)
                .ShouldBe("published 1 m");
        }
    }

    [Fact]
    public void A_known_message_is_answered_even_where_the_room_takes_no_more()
    {
        using var world = new RoomWorld();
        var ann = world.Client("ann").Joined();
        ann.Chat("hello", "m").Heard();
        world.Store.Hold();
        var text = new string('x', 1024 * 1024);
        for (var i = 0; i < 17; i++)
            ann.Chat(text, $"big{i}");
        ann.Heard().ShouldBe(["#19 OVERLOADED"]);

        ann.Chat("hello", "m").Heard().ShouldBe(["#20 published 1 m"]);
        ann.Chat(text, "big3").Heard().ShouldBeEmpty();
        world.Store.Release();
        ann.Heard().ShouldContain("#21 published 5 big3");
    }

    private static IEnumerable<ReplyBody.Published> Answers(RoomClient client) => client.Messages.SelectMany(message => message switch
    {
        ConnectionMessage.RoomPublished published => [published.Body],
        ConnectionMessage.Answered { Answer.Body: ReplyBody.Published body } => [body],
        _ => Array.Empty<ReplyBody.Published>(),
    });
}
