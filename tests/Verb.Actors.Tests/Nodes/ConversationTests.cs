using Verb.Contracts;
using Verb.TestKit.Nodes;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Nodes;

public class ConversationTests
{
    [Fact]
    public void Two_windows_chat()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        var join = alice.Ask("join_room", new { roomId = "lobby" });
        var reply = alice.Expect("reply");
        reply.Text("id").ShouldBe(join);
        reply.GetProperty("data").Number("userCount").ShouldBe(1);
        alice.Expect("joined_room").Number("seq").ShouldBe(0);
        alice.Expect("message_history").Seqs().ShouldBeEmpty();
        alice.ExpectNothing();

        var published = alice.Do("chat", new { roomId = "lobby", message = new { text = "hi" }, messageId = "m1" });
        published.Number("seq").ShouldBe(1);
        published.Text("messageId").ShouldBe("m1");
        alice.Expect("reply");
        alice.ExpectNothing();

        var bob = node.Connect("bob");
        bob.SkipAll();
        bob.Ask("join_room", new { roomId = "lobby" });
        bob.Expect("reply");
        bob.Expect("joined_room").Text("epoch").ShouldBe(published.Text("epoch"));
        var history = bob.Expect("message_history");
        history.Seqs().ShouldBe([1]);
        history.GetProperty("messages")[0].GetProperty("message").Text("text").ShouldBe("hi");
        alice.Expect("user_joined").GetProperty("user").Text("id").ShouldBe("bob");

        bob.Do("chat", new { roomId = "lobby", message = "hello" });
        var heard = alice.Expect("chat");
        heard.Number("seq").ShouldBe(2);
        heard.GetProperty("user").Text("id").ShouldBe("bob");
        heard.Text("message").ShouldBe("hello");
        bob.Do("leave_room", new { roomId = "lobby" });
        alice.Expect("user_left").Number("userCount").ShouldBe(1);
        alice.ExpectNothing();
    }

    [Fact]
    public void Who_joined_with_echo_hears_itself_behind_its_reply()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Do("join_room", new { roomId = "r", echo = true });
        alice.SkipAll();
        alice.Ask("chat", new { roomId = "r", message = 1 });
        alice.Expect("reply");
        alice.Expect("chat").Number("seq").ShouldBe(1);
    }

    [Fact]
    public void A_message_sent_again_is_stored_once_and_answered_with_the_first_number()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Join("r");
        var first = alice.Ask("chat", new { roomId = "r", message = 1, messageId = "m" });
        var again = alice.Ask("chat", new { roomId = "r", message = 1, messageId = "m" });
        alice.ReplyTo(first).GetProperty("data").Number("seq").ShouldBe(1);
        alice.ReplyTo(again).GetProperty("data").Number("seq").ShouldBe(1);
        alice.Do("chat", new { roomId = "r", message = 1, messageId = "m" }).Number("seq").ShouldBe(1);
        alice.Do("history", new { roomId = "r" }).Seqs().ShouldBe([1]);
    }

    [Fact]
    public void Who_comes_back_with_since_misses_nothing()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        var epoch = alice.Do("chat", new { roomId = "r", message = 0 }).Text("epoch");
        bob.Cut();
        for (var i = 0; i < 30; i++)
            alice.Do("chat", new { roomId = "r", message = i });
        var back = node.Connect("bob");
        back.Do("join_room", new { roomId = "r", since = new { epoch, seq = 1 } }).GetProperty("recovered").GetBoolean().ShouldBeTrue();
        back.Of("joined_room").Single().GetProperty("recovered").GetBoolean().ShouldBeTrue();
        Heard.Of(back, "r").ShouldBe(Heard.Numbers(2, 31));
        var ahead = node.Connect("carol");
        ahead.Do("join_room", new { roomId = "r", since = new { epoch, seq = 99 } }).GetProperty("recovered").GetBoolean().ShouldBeFalse();
        Heard.Of(ahead, "r").ShouldBe(Heard.Numbers(12, 31));
        var stranger = node.Connect("dave");
        stranger.Do("join_room", new { roomId = "r", since = new { epoch = "other", seq = 1 } }).GetProperty("recovered").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void Private_messages_wait_in_the_inbox_until_acknowledged()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Refusal("private_message", new { targetUserId = "bob", message = 1 }).ShouldBe("NOT_FOUND");
        var bob = node.Connect("bob");
        bob.SkipAll();
        alice.Do("private_message", new { targetUserId = "bob", message = "psst", messageId = "p1" }).Text("status").ShouldBe("delivered");
        var told = bob.Expect("private_message");
        told.Text("messageId").ShouldBe("p1");
        told.GetProperty("from").Text("id").ShouldBe("alice");
        told.Number("seq").ShouldBe(1);
        bob.Cut();
        alice.Do("private_message", new { targetUserId = "bob", message = "away" }).Text("status").ShouldBe("queued");

        var back = node.Connect("bob");
        back.Expect("connected");
        back.Expect("private_message").Number("seq").ShouldBe(1);
        back.Expect("private_message").Number("seq").ShouldBe(2);
        back.Do("inbox_ack", new { seq = 1 }).Number("seq").ShouldBe(1);
        var third = node.Connect("bob");
        third.Of("private_message").Single().Number("seq").ShouldBe(2);
    }

    [Fact]
    public void A_message_to_a_client_that_reads_nothing_is_queued()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        node.Settle();
        bob.Stall();
        bob.Ask("ping");
        node.Settle();
        var id = alice.Ask("private_message", new { targetUserId = "bob", message = 1 });
        node.Advance(TimeSpan.FromSeconds(2.1));
        alice.ReplyTo(id).GetProperty("data").Text("status").ShouldBe("queued");
        bob.Resume();
        bob.Of("private_message").Count.ShouldBe(1);
    }

    [Fact]
    public void Subscribers_get_the_last_value_and_every_update()
    {
        using var node = new TestNode();
        var (feed, alice) = (node.Connect("feed", "publisher"), node.Connect("alice"));
        alice.SkipAll();
        feed.Do("publish", new { symbol = "AAPL", data = new { price = 0, change = -1.5 } }).Number("seq").ShouldBe(1);
        alice.Do("subscribe", new { symbol = "AAPL" }).Text("topic").ShouldBe("stocks/AAPL");
        alice.Expect("reply");
        alice.Expect("subscribed").Text("topic").ShouldBe("stocks/AAPL");
        var last = alice.Expect("stock_update");
        last.Number("price").ShouldBe(0);
        last.Number("timestamp").ShouldBe(node.Now);
        feed.Do("publish", new { topic = "stocks/AAPL", data = new { price = 2 } });
        alice.Expect("stock_update").Number("seq").ShouldBe(2);
        feed.Refusal("publish", new { symbol = "AAPL", data = new { price = "2" } }).ShouldBe("INVALID_MESSAGE");
        alice.Do("get_topics").GetProperty("topics")[0].GetString().ShouldBe("stocks/AAPL");
        alice.Do("unsubscribe", new { symbol = "AAPL" });
        alice.SkipAll();
        feed.Do("publish", new { symbol = "AAPL", data = new { price = 3 } });
        alice.ExpectNothing();
    }

    [Fact]
    public void Subscribing_and_unsubscribing_in_one_breath_answers_both()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var node = new TestNode(new TestNodeOptions { Seed = seed });
            var alice = node.Connect("alice");
            string[] ids =
            [
                alice.Ask("subscribe", new { topic = "t" }), alice.Ask("unsubscribe", new { topic = "t" }),
                alice.Ask("subscribe", new { topic = "t" }), alice.Ask("subscribe", new { topic = "t" }),
            ];
            foreach (var id in ids)
                alice.ReplyTo(id).GetProperty("success").GetBoolean().ShouldBeTrue();
            node.Connect("feed", "publisher").Do("publish", new { topic = "t", data = 1 });
            alice.Of("data").Count.ShouldBe(1);
        }
    }

    [Fact]
    public void The_application_publishes_notifies_broadcasts_and_reads()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Join("r");
        var room = new RoomId("r");
        var published = node.Hub.PublishAsync(room, "\"news\""u8.ToArray());
        node.Settle();
        ((ReplyBody.Published)published.Now().Body!).Seq.ShouldBe(1);
        alice.Expect("chat").Text("message").ShouldBe("news");
        var notified = node.Hub.NotifyAsync(new UserId("alice"), "{\"a\":1}"u8.ToArray());
        node.Settle();
        notified.Now().IsSuccess.ShouldBeTrue();
        alice.Expect("notification").Number("a").ShouldBe(1);
        node.Hub.Broadcast("{\"b\":2}"u8.ToArray()).ShouldBe(1);
        alice.Expect("broadcast").Number("b").ShouldBe(2);
        var state = node.Hub.GetRoomAsync(room);
        node.Settle();
        ((ReplyBody.RoomState)state.Now().Body!).UserCount.ShouldBe(1);
        var kicked = node.Hub.KickAsync(new UserId("alice"));
        node.Settle();
        kicked.Now().IsSuccess.ShouldBeTrue();
        alice.Closed.ShouldBe(CloseReason.Kicked);
    }

    [Fact]
    public void A_closed_room_tells_its_members()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Join("r");
        var closed = node.Hub.CloseRoomAsync(new RoomId("r"));
        node.Settle();
        closed.Now().IsSuccess.ShouldBeTrue();
        alice.Expect("left_room").Text("roomId").ShouldBe("r");
        alice.Refusal("chat", new { roomId = "r", message = 1 }).ShouldBe("NOT_IN_ROOM");
    }
}
