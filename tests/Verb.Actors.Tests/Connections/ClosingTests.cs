using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

public class ClosingTests
{
    [Fact]
    public void A_close_goes_behind_the_replies_that_wait()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        alice.Stall();
        var ids = Enumerable.Range(0, 5).Select(_ => alice.Ask("ping")).ToList();
        node.Settle();
        alice.Connection.Tell(new ConnectionMessage.CloseWith(CloseReason.Kicked));
        alice.Closed.ShouldBeNull();
        alice.Resume();
        alice.Closed.ShouldBe(CloseReason.Kicked);
        foreach (var id in ids)
            alice.ReplyTo(id);
        alice.Socket.WrittenTooLate.ShouldBe(0);
    }

    [Fact]
    public void A_client_that_reads_nothing_is_not_waited_for_longer_than_five_seconds()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        alice.Stall();
        alice.Ask("ping");
        node.Settle();
        alice.Connection.Tell(new ConnectionMessage.CloseWith(CloseReason.Kicked));
        node.Advance(TimeSpan.FromSeconds(4.9));
        alice.Closed.ShouldBeNull();
        node.Advance(TimeSpan.FromSeconds(0.2));
        alice.Closed.ShouldBe(CloseReason.Kicked);
        node.Node.Connections.Count.ShouldBe(0);
    }

    [Fact]
    public void A_peer_that_closes_is_answered_what_it_asked_before()
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history });
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        history.Hold();
        var id = alice.Ask("chat", new { roomId = "r", message = "bye" });
        alice.Close();
        alice.Closed.ShouldBeNull();
        history.Release();
        alice.ReplyTo(id).GetProperty("success").GetBoolean().ShouldBeTrue();
        alice.Closed.ShouldBe(CloseReason.Normal);
        alice.Socket.WrittenTooLate.ShouldBe(0);
        bob.Of("user_left").Count.ShouldBe(1);
        node.Node.Connections.Count.ShouldBe(1);
    }

    [Fact]
    public void A_peer_that_closes_is_not_kept_longer_than_a_second_for_its_answers()
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history });
        var alice = node.Connect("alice");
        alice.Join("r");
        history.Hold();
        alice.Ask("chat", new { roomId = "r", message = "bye" });
        alice.Close();
        node.Advance(TimeSpan.FromSeconds(0.9));
        alice.Closed.ShouldBeNull();
        node.Advance(TimeSpan.FromSeconds(0.1));
        alice.Closed.ShouldBe(CloseReason.Normal);
        node.Node.Connections.Count.ShouldBe(0);
    }

    [Fact]
    public void Commands_that_wait_for_the_user_to_be_known_are_answered_before_the_close()
    {
        using var node = new TestNode();
        node.Tokens.Hold();
        var alice = node.Connect(new ClientOptions { MustAuthenticate = true });
        var auth = alice.Ask("auth", new { token = "alice" });
        var ping = alice.Ask("ping");
        alice.Close();
        alice.Closed.ShouldBeNull();
        node.Tokens.Release();
        alice.ReplyTo(auth).GetProperty("success").GetBoolean().ShouldBeTrue();
        alice.ReplyTo(ping).GetProperty("success").GetBoolean().ShouldBeTrue();
        alice.Closed.ShouldBe(CloseReason.Normal);
    }

    [Fact]
    public void A_peer_that_closed_and_is_gone_before_its_answer_has_left_and_was_not_lost()
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history });
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        history.Hold();
        alice.Ask("chat", new { roomId = "r", message = "bye" });
        alice.Close();
        alice.Cut();
        bob.Of("user_left").Count.ShouldBe(1, "nobody lingers who said goodbye");
        node.Node.Connections.Count.ShouldBe(1);
    }

    [Fact]
    public void A_peer_that_broke_the_protocol_is_closed_at_once()
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history });
        var alice = node.Connect("alice");
        alice.Join("r");
        history.Hold();
        alice.Ask("chat", new { roomId = "r", message = "bye" });
        alice.Connection.Tell(new ConnectionMessage.PeerClosed(new CloseReason(1002, "Reserved bits"), Failed: true));
        alice.Closed!.Value.Code.ShouldBe((ushort)1002);
    }

    [Fact]
    public void A_peer_that_closes_is_answered_and_leaves_its_rooms_at_once()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();
        bob.Close();
        bob.Closed.ShouldBe(CloseReason.Normal);
        alice.Expect("user_left").GetProperty("user").Text("id").ShouldBe("bob");
    }

    [Fact]
    public void A_lost_client_counts_for_two_seconds_more()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();
        bob.Cut();
        node.Advance(TimeSpan.FromSeconds(1.9));
        alice.ExpectNothing();
        node.Advance(TimeSpan.FromSeconds(0.2));
        alice.Expect("user_left").Number("userCount").ShouldBe(1);
        alice.ExpectNothing();
    }

    [Fact]
    public void A_client_that_comes_back_within_the_grace_was_never_away()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();
        bob.Cut();
        node.Advance(TimeSpan.FromSeconds(1));
        node.Connect("bob").Join("r");
        node.Advance(TimeSpan.FromSeconds(10));
        alice.ExpectNothing();
    }

    [Fact]
    public void A_page_that_is_loaded_again_says_that_it_goes_away_and_was_never_away()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();
        bob.Receive(new ConnectionMessage.PeerClosed(new CloseReason(1001, "")));
        bob.Closed!.Value.Code.ShouldBe((ushort)1001);
        node.Advance(TimeSpan.FromSeconds(1));
        node.Connect("bob").Join("r");
        node.Advance(TimeSpan.FromSeconds(10));
        alice.ExpectNothing();
    }

    [Fact]
    public void A_page_that_went_away_and_did_not_come_back_is_told_once_when_the_grace_is_over()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();
        bob.Receive(new ConnectionMessage.PeerClosed(new CloseReason(1001, "")));
        node.Advance(TimeSpan.FromSeconds(1.9));
        alice.ExpectNothing();
        node.Advance(TimeSpan.FromSeconds(0.2));
        alice.Expect("user_left").Number("userCount").ShouldBe(1);
        alice.ExpectNothing();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1002)]
    [InlineData(4321)]
    public void Any_other_good_bye_is_told_at_once(ushort code)
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();
        bob.Receive(new ConnectionMessage.PeerClosed(new CloseReason(code, "")));
        node.Settle();
        alice.Expect("user_left").Number("userCount").ShouldBe(1);
    }

    [Fact]
    public void Who_is_closed_by_the_hub_is_told_at_once_whatever_it_answers()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();
        bob.Connection.Tell(new ConnectionMessage.CloseWith(CloseReason.Kicked));
        bob.Receive(new ConnectionMessage.PeerClosed(new CloseReason(1001, "")));
        node.Settle();
        alice.Expect("user_left").Number("userCount").ShouldBe(1);
    }

    [Fact]
    public void A_flush_that_fails_ends_the_connection()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        alice.Socket.Reset();
        alice.Ask("ping");
        alice.IsCut.ShouldBeTrue();
        node.Node.Connections.Count.ShouldBe(0);
    }

    [Fact]
    public void A_connection_that_fails_is_closed_with_1011_and_leaves_nothing()
    {
        using var node = new TestNode();
        var alice = node.Connect(new ClientOptions { User = "alice", Observer = new Faulty() });
        node.Settle();
        alice.Stall();
        alice.Ask("join_room", new { roomId = "r" });
        node.Settle();
        alice.Resume();
        alice.Closed!.Value.Code.ShouldBe((ushort)1011);
        node.Node.Connections.Count.ShouldBe(0);
        node.Advance(TimeSpan.FromSeconds(5));
        var bob = node.Connect("bob");
        bob.Do("join_room", new { roomId = "r" }).Number("userCount").ShouldBe(1);
    }

    [Fact]
    public void The_observer_hears_who_it_is_and_how_it_ended()
    {
        using var node = new TestNode();
        var observer = new Recording();
        var alice = node.Connect(new ClientOptions { User = "alice", Observer = observer });
        node.Settle();
        alice.Cut();
        observer.Heard.ShouldBe(["identified alice", "ended 1006 lost"]);
    }

    [Fact]
    public void A_stopping_node_closes_every_connection()
    {
        var node = new TestNode();
        var alice = node.Connect("alice");
        node.Settle();
        node.Dispose();
        alice.Socket.IsEnded.ShouldBeTrue();
    }

    private sealed class Faulty : IConnectionObserver
    {
        public void Drained() => throw new InvalidOperationException("bug");

        public void Identified(Identity identity)
        {
        }

        public void Ended(CloseReason reason, bool lost)
        {
        }
    }

    private sealed class Recording : IConnectionObserver
    {
        public List<string> Heard { get; } = [];

        public void Drained() => Heard.Add("drained");

        public void Identified(Identity identity) => Heard.Add($"identified {identity.User.Id}");

        public void Ended(CloseReason reason, bool lost) => Heard.Add($"ended {reason.Code}{(lost ? " lost" : "")}");
    }
}
