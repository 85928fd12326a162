using Verb.Actors.Connections;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

public class HeartbeatTests
{
    private static readonly ClientOptions Silent = new() { User = "alice", AnswersPings = false };

    [Fact]
    public void A_client_is_pinged_every_thirty_seconds()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Advance(TimeSpan.FromSeconds(29));
        alice.Socket.Pings.ShouldBe(0);
        node.Advance(TimeSpan.FromSeconds(1));
        alice.Socket.Pings.ShouldBe(1);
        node.Advance(TimeSpan.FromMinutes(10));
        alice.Socket.Pings.ShouldBe(21);
        alice.IsCut.ShouldBeFalse();
    }

    [Fact]
    public void A_client_that_does_not_answer_is_cut_ten_seconds_after_the_ping()
    {
        using var node = new TestNode();
        var alice = node.Connect(Silent);
        node.Advance(TimeSpan.FromSeconds(39.9));
        alice.IsCut.ShouldBeFalse();
        node.Advance(TimeSpan.FromSeconds(0.2));
        alice.IsCut.ShouldBeTrue();
        node.Node.Connections.Count.ShouldBe(0);
    }

    [Fact]
    public void A_client_that_is_sending_a_long_frame_is_not_cut_for_the_pong_that_waits_behind_it()
    {
        using var node = new TestNode();
        var alice = node.Connect(Silent);
        for (var second = 0; second < 100; second++)
        {
            node.Advance(TimeSpan.FromSeconds(1));
            alice.Socket.LastReceived = node.System.Clock.GetTimestamp();
        }

        alice.IsCut.ShouldBeFalse();
        alice.Socket.Pings.ShouldBe(3);
        node.Advance(TimeSpan.FromSeconds(29.9)); // Nothing more comes: the next ping is due in 20 s.
        alice.IsCut.ShouldBeFalse();
        node.Advance(TimeSpan.FromSeconds(0.2));
        alice.IsCut.ShouldBeTrue();
    }

    [Fact]
    public void What_came_before_the_ping_does_not_answer_it()
    {
        using var node = new TestNode();
        var alice = node.Connect(Silent);
        node.Advance(TimeSpan.FromSeconds(29.9));
        alice.Socket.LastReceived = node.System.Clock.GetTimestamp();
        node.Advance(TimeSpan.FromSeconds(10.2));
        alice.IsCut.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_whose_place_is_wanted_keeps_it_where_anything_was_heard_since(bool isSending)
    {
        using var node = new TestNode();
        var alice = node.Connect(Silent);
        alice.Receive(new ConnectionMessage.Probe(TimeSpan.FromSeconds(2)));
        node.Settle();
        alice.Socket.Pings.ShouldBe(1);
        node.Advance(TimeSpan.FromSeconds(1));
        if (isSending)
            alice.Socket.LastReceived = node.System.Clock.GetTimestamp();
        node.Advance(TimeSpan.FromSeconds(2));
        alice.IsCut.ShouldBe(!isSending);
    }

    [Fact]
    public void A_probes_ping_goes_behind_a_flush_that_waits_for_the_client()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        alice.Stall();
        alice.Ask("ping");
        node.Settle();
        alice.Receive(new ConnectionMessage.Probe(TimeSpan.FromSeconds(2)));
        node.Settle();
        alice.Socket.Pings.ShouldBe(0);
        alice.Resume();
        alice.Socket.Pings.ShouldBe(1);
        node.Advance(TimeSpan.FromSeconds(3));
        alice.IsCut.ShouldBeFalse();
    }

    [Fact]
    public void A_blocked_socket_is_not_pinged_and_is_pinged_once_it_takes_more()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect(Silent), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.Stall();
        bob.Do("chat", new { roomId = "r", message = 1 });
        node.Advance(TimeSpan.FromSeconds(100));
        alice.Socket.Pings.ShouldBe(0);
        alice.IsCut.ShouldBeFalse();
        alice.Resume();
        alice.Socket.Pings.ShouldBe(1);
        node.Advance(TimeSpan.FromSeconds(9.9));
        alice.IsCut.ShouldBeFalse();
        node.Advance(TimeSpan.FromSeconds(0.2));
        alice.IsCut.ShouldBeTrue();
    }

    [Fact]
    public void A_client_whose_reader_waits_for_the_hub_is_not_cut_for_a_pong_nobody_reads()
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history, Limits = new LimitOptions { CommandsPerSecond = 0 } });
        var alice = node.Connect("alice");
        alice.Join("r");
        node.Advance(TimeSpan.FromSeconds(18));
        history.Hold();
        for (var i = 0; i < 200; i++)
            alice.Ask("chat", new { roomId = "r", message = i });
        alice.Unread.ShouldBeGreaterThan(0);
        node.Advance(TimeSpan.FromSeconds(24));
        alice.Socket.Pings.ShouldBe(1);
        alice.IsCut.ShouldBeFalse();
        history.Release();
        node.Advance(TimeSpan.FromSeconds(60));
        alice.IsCut.ShouldBeFalse();
        alice.Of("reply").Count.ShouldBe(201);
    }

    [Fact]
    public void A_ping_interval_of_zero_is_none()
    {
        using var node = new TestNode();
        var alice = node.Connect(Silent with { Socket = new SocketOptions { PingInterval = TimeSpan.Zero, IdleTimeout = TimeSpan.Zero } });
        node.Advance(TimeSpan.FromHours(1));
        alice.Socket.Pings.ShouldBe(0);
        alice.Closed.ShouldBeNull();
        alice.IsCut.ShouldBeFalse();
    }

    [Fact]
    public void A_client_that_says_nothing_is_closed_with_1001()
    {
        using var node = new TestNode();
        var alice = node.Connect(Silent with { Socket = new SocketOptions { PingInterval = TimeSpan.Zero } });
        node.Advance(TimeSpan.FromSeconds(100));
        alice.Do("ping");
        node.Advance(TimeSpan.FromSeconds(119));
        alice.Closed.ShouldBeNull();
        node.Advance(TimeSpan.FromSeconds(2));
        alice.Closed.ShouldBe(Contracts.CloseReason.Idle);
    }

    [Fact]
    public void Pongs_keep_a_client()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Advance(TimeSpan.FromHours(1));
        alice.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_connection_lives_no_longer_than_it_may()
    {
        using var node = new TestNode();
        var alice = node.Connect(new ClientOptions { User = "alice", Socket = new SocketOptions { MaxLifetime = TimeSpan.FromMinutes(5) } });
        node.Advance(TimeSpan.FromMinutes(4.9));
        alice.Closed.ShouldBeNull();
        node.Advance(TimeSpan.FromMinutes(0.2));
        alice.Closed.ShouldBe(Contracts.CloseReason.Lifetime);
    }

    [Fact]
    public void A_clients_pings_are_answered_with_their_payload()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Receive(new ConnectionMessage.Pinged(new byte[] { 1, 2 }));
        node.Settle();
        alice.Socket.Pongs.ShouldHaveSingleItem().ShouldBe([1, 2]);
    }

    [Fact]
    public void A_blocked_client_that_keeps_pinging_is_owed_the_last_pong_only()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        alice.Stall();
        alice.Ask("ping");
        node.Settle();
        for (byte i = 0; i < 200; i++)
            alice.Receive(new ConnectionMessage.Pinged(new[] { i }));
        node.Settle();
        alice.Socket.Pongs.Count.ShouldBeLessThan(3);
        alice.Resume();
        alice.Socket.Pongs.Count.ShouldBeLessThan(4);
        alice.Socket.Pongs[^1].ShouldBe([199]);
    }
}
