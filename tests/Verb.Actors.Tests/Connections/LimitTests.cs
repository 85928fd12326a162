using Verb.Actors.Connections;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

public class LimitTests
{
    [Fact]
    public void Commands_beyond_the_rate_are_refused_with_the_time_to_wait()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        for (var i = 0; i < 100; i++)
            alice.Do("ping");
        var refused = alice.ReplyTo(alice.Ask("ping"));
        refused.Code().ShouldBe("RATE_LIMITED");
        var wait = refused.GetProperty("error").Number("retryAfter");
        wait.ShouldBe(20);
        node.Advance(TimeSpan.FromMilliseconds(wait));
        alice.Do("ping");
    }

    [Fact]
    public void The_rate_holds_before_authentication_too()
    {
        using var node = new TestNode();
        var nobody = node.Connect(new ClientOptions { MustAuthenticate = true, Limits = new LimitOptions { Burst = 1, CommandsPerSecond = 1 } });
        nobody.Refusal("ping").ShouldBe("AUTH_REQUIRED");
        nobody.Refusal("auth", new { token = "alice" }).ShouldBe("RATE_LIMITED");
    }

    [Fact]
    public void A_rate_of_zero_is_none()
    {
        using var node = new TestNode();
        var alice = node.Connect(new ClientOptions { User = "alice", Limits = new LimitOptions { CommandsPerSecond = 0 } });
        for (var i = 0; i < 500; i++)
            alice.Do("ping");
    }

    [Fact]
    public void A_flood_of_bad_commands_closes_with_1008()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        for (var i = 0; i < 99; i++)
            alice.Send("no json");
        alice.Closed.ShouldBeNull();
        alice.Send("no json");
        alice.Closed!.Value.Code.ShouldBe((ushort)1008);
        alice.Of("error").Count.ShouldBe(100);
        alice.Socket.WrittenTooLate.ShouldBe(0);
    }

    [Fact]
    public void Bad_commands_far_apart_are_no_flood()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        for (var i = 0; i < 300; i++)
        {
            alice.Send("no json");
            node.Advance(TimeSpan.FromMilliseconds(150));
        }

        alice.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_user_with_too_many_living_connections_is_refused_with_4003()
    {
        using var node = new TestNode();
        var clients = Enumerable.Range(0, 5).Select(_ => node.Connect("alice")).ToList();
        node.Settle();
        var sixth = node.Connect("alice");
        sixth.Closed!.Value.Code.ShouldBe((ushort)4003);
        foreach (var client in clients)
            client.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_silent_connection_makes_way_for_a_new_one()
    {
        using var node = new TestNode();
        var silent = node.Connect(new ClientOptions { User = "alice", AnswersPings = false });
        for (var i = 0; i < 4; i++)
            node.Connect("alice");
        node.Settle();
        var sixth = node.Connect("alice");
        sixth.Closed.ShouldBeNull();
        node.Advance(TimeSpan.FromSeconds(2.1));
        silent.IsCut.ShouldBeTrue();
        sixth.Expect("connected");
        sixth.Closed.ShouldBeNull();
    }

    [Fact]
    public void Refused_commands_are_counted()
    {
        var count = new RefusalCount(3);
        count.IsFlood(0).ShouldBeFalse();
        count.IsFlood(1).ShouldBeFalse();
        count.IsFlood(10_000).ShouldBeFalse();
        count.IsFlood(10_001).ShouldBeFalse();
        count.IsFlood(10_002).ShouldBeTrue();
        new RefusalCount(0).IsFlood(0).ShouldBeFalse();
    }

    [Fact]
    public void A_connection_is_in_so_many_rooms_and_subscribes_to_so_many_topics()
    {
        using var node = new TestNode();
        var limits = new LimitOptions { RoomsPerConnection = 2, TopicsPerConnection = 1 };
        var alice = node.Connect(new ClientOptions { User = "alice", Limits = limits });
        alice.Do("join_room", new { roomId = "a" });
        alice.Do("join_room", new { roomId = "b" });
        alice.Refusal("join_room", new { roomId = "c" }).ShouldBe("FORBIDDEN");
        alice.Do("join_room", new { roomId = "b" });
        alice.Do("leave_room", new { roomId = "a" });
        alice.Do("join_room", new { roomId = "c" });

        alice.Do("subscribe", new { topic = "x" });
        alice.Do("subscribe", new { topic = "x" });
        alice.Refusal("subscribe", new { topic = "y" }).ShouldBe("FORBIDDEN");
        alice.Do("unsubscribe", new { topic = "x" });
        alice.Do("subscribe", new { topic = "y" });
    }

    [Fact]
    public void A_stalled_client_that_joins_again_and_again_is_held_back_and_has_every_reply_in_the_end()
    {
        using var node = new TestNode();
        var alice = node.Connect(new ClientOptions { User = "alice", Limits = new LimitOptions { CommandsPerSecond = 0 } });
        alice.Join("r");
        for (var i = 0; i < 20; i++)
            alice.Do("chat", new { roomId = "r", message = new string('x', 60_000) });
        alice.Stall();
        var ids = Enumerable.Range(0, 100).Select(_ => alice.Ask("join_room", new { roomId = "r" })).ToList();
        node.Settle();
        alice.Resume();
        node.Settle();
        foreach (var id in ids)
            alice.ReplyTo(id).Data("join_room");
    }
}
