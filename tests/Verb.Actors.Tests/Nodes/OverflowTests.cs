using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Contracts;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes;

public class OverflowTests
{
    private static TestNode NodeWith(OverflowPolicy overflow, RoomPolicy? rooms = null) => new(new TestNodeOptions
    {
        Socket = new SocketOptions { SendBufferBytes = 4096, SendBufferMessages = 8, Overflow = overflow },
        Limits = new LimitOptions { CommandsPerSecond = 0 },
        Rooms = new([], rooms ?? new RoomPolicy()),
    });

    private static (TestClient Slow, TestClient Publisher) Members(TestNode node)
    {
        var (slow, publisher) = (node.Connect("slow"), node.Connect("publisher"));
        slow.Join("r");
        publisher.Join("r");
        slow.SkipAll();
        return (slow, publisher);
    }

    [Fact]
    public void A_client_too_slow_for_its_buffer_is_closed_with_4005_and_comes_back_for_the_rest()
    {
        using var node = NodeWith(OverflowPolicy.Close);
        var (slow, publisher) = Members(node);
        slow.Stall();
        for (var i = 0; i < 9; i++)
            publisher.Do("chat", new { roomId = "r", message = i });
        slow.Closed.ShouldBeNull();
        publisher.Do("chat", new { roomId = "r", message = 9 });
        slow.Closed.ShouldBe(CloseReason.TooSlow);
        node.Node.Counters.TooSlow.ShouldBe(1);
        slow.Socket.WrittenTooLate.ShouldBe(0);

        slow.Resume();
        var last = Heard.Of(slow, "r")[^1];
        var again = node.Connect("slow");
        var joined = again.Do("join_room", new { roomId = "r", since = new { epoch = publisher.Do("history", new { roomId = "r" }).Text("epoch"), seq = last } });
        joined.GetProperty("recovered").GetBoolean().ShouldBeTrue();
        Heard.Of(again, "r").ShouldBe(Heard.Numbers(last + 1, 10));
    }

    [Theory]
    [InlineData(OverflowPolicy.DropOldest)]
    [InlineData(OverflowPolicy.DropNewest)]
    public void Numbered_messages_are_replayed_once_the_client_reads_again(OverflowPolicy overflow)
    {
        using var node = NodeWith(overflow);
        var (slow, publisher) = Members(node);
        slow.Stall();
        for (var i = 0; i < 50; i++)
            publisher.Do("chat", new { roomId = "r", message = i });
        slow.Closed.ShouldBeNull();
        node.Node.Counters.Shed.ShouldBe(0); // Counted where a connection ends.
        slow.Resume();
        Heard.Of(slow, "r").ShouldBe(Heard.Numbers(1, 50));
        slow.Of("message_history")[^1].GetProperty("recovered").GetBoolean().ShouldBeTrue();
        slow.SkipAll();
        publisher.Do("chat", new { roomId = "r", message = "live" });
        slow.Expect("chat").Number("seq").ShouldBe(51);
        slow.Close();
        node.Node.Counters.Shed.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(OverflowPolicy.DropOldest)]
    [InlineData(OverflowPolicy.DropNewest)]
    public void Where_history_no_longer_reaches_the_client_is_told_so(OverflowPolicy overflow)
    {
        using var node = NodeWith(overflow, new RoomPolicy { History = 10, Replay = 5 });
        var (slow, publisher) = Members(node);
        slow.Stall();
        for (var i = 0; i < 50; i++)
            publisher.Do("chat", new { roomId = "r", message = i });
        slow.Resume();
        var history = slow.Of("message_history")[^1];
        history.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        history.Seqs().ShouldBe(Heard.Numbers(46, 50));
        publisher.Do("chat", new { roomId = "r", message = "live" });
        Heard.Of(slow, "r")[^1].ShouldBe(51);
    }

    [Fact]
    public void A_long_backlog_is_replayed_page_by_page()
    {
        using var node = NodeWith(OverflowPolicy.DropNewest, new RoomPolicy { History = 1000 });
        var (slow, publisher) = Members(node);
        var big = new string('x', 20_000);
        slow.Stall();
        for (var i = 0; i < 200; i++)
            publisher.Do("chat", new { roomId = "r", message = big });
        slow.Resume();
        Heard.Of(slow, "r").ShouldBe(Heard.Numbers(1, 200));
        var pages = slow.Of("message_history").Skip(1).ToList();
        pages.Count.ShouldBeGreaterThan(10);
        pages.Take(pages.Count - 1).ShouldAllBe(page => page.Has("more"));
        pages[^1].Has("more").ShouldBeFalse();
        publisher.Do("chat", new { roomId = "r", message = "live" });
        Heard.Of(slow, "r")[^1].ShouldBe(201);
    }

    [Fact]
    public void A_client_that_stalls_again_while_it_catches_up_still_misses_nothing()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var node = NodeWith(OverflowPolicy.DropOldest, new RoomPolicy { History = 1000 });
            var (slow, publisher) = Members(node);
            for (var round = 0; round < 5; round++)
            {
                slow.Stall();
                for (var i = 0; i < 20 + seed; i++)
                    publisher.Ask("chat", new { roomId = "r", message = i });
                if (round % 2 == 0)
                    node.Settle();
                slow.Socket.Resume();
                slow.Socket.Stall();
                node.Settle();
                slow.Resume();
            }

            Heard.Of(slow, "r").ShouldBe(Heard.Numbers(1, 5 * (20 + seed)));
        }
    }

    [Fact]
    public void A_frame_larger_than_the_buffer_is_taken_when_nothing_waits()
    {
        using var node = NodeWith(OverflowPolicy.Close);
        var (slow, publisher) = Members(node);
        slow.Stall();
        publisher.Do("chat", new { roomId = "r", message = 0 }); // On the way.
        publisher.Do("chat", new { roomId = "r", message = new string('x', 20_000) });
        slow.Closed.ShouldBeNull();
        publisher.Do("typing", new { roomId = "r" });
        slow.Closed.ShouldBe(CloseReason.TooSlow);
    }

    [Fact]
    public void Replay_and_replies_that_wait_take_no_place_of_live_messages()
    {
        using var node = NodeWith(OverflowPolicy.Close);
        var (slow, publisher) = (node.Connect("slow"), node.Connect("publisher"));
        publisher.Join("r");
        for (var i = 0; i < 20; i++)
            publisher.Do("chat", new { roomId = "r", message = new string('x', 10_000) });
        node.Settle();
        slow.Stall();
        slow.Ask("ping");
        node.Settle();
        slow.Ask("join_room", new { roomId = "r" });
        node.Settle();
        publisher.Do("chat", new { roomId = "r", message = 1 });
        slow.Closed.ShouldBeNull();
        slow.Resume();
        Heard.Of(slow, "r").ShouldBe(Heard.Numbers(1, 21));
    }

    [Fact]
    public void Too_many_replies_hold_the_reader_back_and_lose_nothing()
    {
        using var node = NodeWith(OverflowPolicy.Close);
        var slow = node.Connect("slow");
        node.Settle();
        slow.Stall();
        var ids = Enumerable.Range(0, 1000).Select(_ => slow.Ask("ping")).ToList();
        slow.Unread.ShouldBeGreaterThan(500);
        slow.Closed.ShouldBeNull();
        slow.Resume();
        slow.Unread.ShouldBe(0);
        slow.Of("reply").Select(reply => reply.Text("id")).ShouldBe(ids);
    }

    [Fact]
    public void Too_many_open_commands_hold_the_reader_back()
    {
        var history = new Connections.StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history, Limits = new LimitOptions { CommandsPerSecond = 0 } });
        var alice = node.Connect("alice");
        alice.Join("r");
        history.Hold();
        var ids = Enumerable.Range(0, 500).Select(i => alice.Ask("chat", new { roomId = "r", message = i })).ToList();
        alice.Unread.ShouldBeGreaterThan(200);
        history.Release();
        alice.Unread.ShouldBe(0);
        alice.Of("reply").Skip(1).Select(reply => reply.Text("id")).ShouldBe(ids);
    }

    [Fact]
    public void A_slow_client_delays_nobody()
    {
        using var node = NodeWith(OverflowPolicy.DropOldest);
        var (slow, publisher) = Members(node);
        var other = node.Connect("other");
        other.Join("r");
        slow.Stall();
        for (var i = 0; i < 100; i++)
        {
            publisher.Do("chat", new { roomId = "r", message = i });
            Heard.Of(other, "r")[^1].ShouldBe(i + 1);
        }
    }

    [Theory]
    [InlineData(OverflowPolicy.Close)]
    [InlineData(OverflowPolicy.DropOldest)]
    [InlineData(OverflowPolicy.DropNewest)]
    public void Of_one_topic_a_stalled_client_gets_the_newest_value(OverflowPolicy overflow)
    {
        using var node = NodeWith(overflow);
        var (slow, publisher) = (node.Connect("slow"), node.Connect("feed", "publisher"));
        slow.Do("subscribe", new { topic = "t" });
        slow.Stall();
        for (var i = 0; i < 500; i++)
            publisher.Do("publish", new { topic = "t", data = i });
        slow.Closed.ShouldBeNull();
        slow.Resume();
        var updates = slow.Of("data");
        updates.Count.ShouldBeLessThan(4);
        updates[^1].Number("data").ShouldBe(499);
        updates[^1].Number("seq").ShouldBe(500);
    }

    [Theory]
    [InlineData(OverflowPolicy.DropOldest)]
    [InlineData(OverflowPolicy.DropNewest)]
    public void Of_many_topics_a_stalled_client_gets_every_newest_value(OverflowPolicy overflow)
    {
        using var node = NodeWith(overflow);
        var (slow, publisher) = (node.Connect("slow"), node.Connect("feed", "publisher"));
        for (var topic = 0; topic < 30; topic++)
            slow.Do("subscribe", new { topic = $"t{topic}" });
        slow.Stall();
        for (var value = 0; value < 3; value++)
        {
            for (var topic = 0; topic < 30; topic++)
                publisher.Do("publish", new { topic = $"t{topic}", data = value });
        }

        slow.Resume();
        for (var topic = 0; topic < 30; topic++)
            slow.Of("data").Last(update => update.Text("topic") == $"t{topic}").Number("data").ShouldBe(2);
    }

    [Fact]
    public void Private_messages_to_a_stalled_client_keep_within_what_the_inbox_keeps()
    {
        using var node = NodeWith(OverflowPolicy.Close);
        var (slow, sender) = (node.Connect("slow"), node.Connect("sender"));
        node.Settle();
        slow.Stall();
        for (var i = 0; i < 250; i++)
            sender.Ask("private_message", new { targetUserId = "slow", message = i });
        node.Advance(TimeSpan.FromSeconds(5));
        slow.Closed.ShouldBeNull();
        slow.Resume();
        var heard = slow.Of("private_message").Select(item => item.Number("message")).ToList();
        heard.Count.ShouldBeInRange(100, 170);
        heard.TakeLast(100).ShouldBe(Heard.Numbers(150, 249));
    }

    [Fact]
    public void Broadcasts_to_a_stalled_client_keep_within_its_buffer()
    {
        using var node = NodeWith(OverflowPolicy.DropOldest);
        var slow = node.Connect("slow");
        node.Settle();
        slow.Stall();
        slow.Ask("ping");
        node.Settle();
        for (var i = 0; i < 100; i++)
        {
            node.Hub.Broadcast("{\"n\":1}"u8.ToArray());
            node.Settle();
        }

        slow.Resume();
        slow.Of("broadcast").Count.ShouldBe(8);
    }

    [Fact]
    public void A_burst_of_the_hub_itself_closes_nobody()
    {
        using var node = NodeWith(OverflowPolicy.Close, new RoomPolicy { History = 5000 });
        var (client, _) = Members(node);
        for (var i = 0; i < 3000; i++)
            _ = node.Hub.PublishAsync(new RoomId("r"), "1"u8.ToArray());
        client.Closed.ShouldBeNull();
        Heard.Of(client, "r").ShouldBe(Heard.Numbers(1, 3000));
    }
}
