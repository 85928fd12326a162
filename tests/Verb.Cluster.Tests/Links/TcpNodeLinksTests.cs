using System.Net;
using System.Net.Sockets;
using System.Text;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.TestKit.Time;

namespace Verb.Cluster.Tests.Links;

public sealed class TcpNodeLinksTests
{
    private static readonly RoomId Lobby = new("lobby");

    [Fact]
    public async Task Messages_arrive_in_the_order_they_were_sent_both_ways()
    {
        const int Count = 20_000;
        var (a, b) = await TestNode.Pair();
        await using var _ = a;
        await using var __ = b;

        for (var i = 0; i < Count; i++)
        {
            a.Links.Send(b.Id, Numbered(i)).ShouldBeTrue();
            b.Links.Send(a.Id, Numbered(-i)).ShouldBeTrue();
        }

        await b.Received.Until(messages => messages.Count == Count);
        await a.Received.Until(messages => messages.Count == Count);
        Numbers(b).ShouldBe(Enumerable.Range(0, Count).Select(i => (long)i));
        Numbers(a).ShouldBe(Enumerable.Range(0, Count).Select(i => (long)-i));
        a.Links.Counters.MessagesOut.ShouldBe(Count);
        b.Links.Counters.MessagesIn.ShouldBe(Count);
        b.Links.Counters.BytesIn.ShouldBeGreaterThan(Count * 4);
    }

    [Fact]
    public async Task A_message_as_large_as_a_link_takes_arrives_and_a_larger_one_is_not_sent()
    {
        var options = TestNode.Patient with { MaxFrameBytes = 3 * 1024 * 1024 };
        var (a, b) = await TestNode.Pair(options);
        await using var _ = a;
        await using var __ = b;

        a.Links.Send(b.Id, new NodeMessage.Broadcast(new byte[(3 * 1024 * 1024) + 1])).ShouldBeFalse();
        a.Links.Send(b.Id, new NodeMessage.Broadcast(new byte[(3 * 1024 * 1024) - 8])).ShouldBeTrue();

        await b.Received.Until(messages => messages.Count == 1);
        ((NodeMessage.Broadcast)b.Received.Items[0]).Event.Length.ShouldBe((3 * 1024 * 1024) - 8);
        a.Log.Items.ShouldContain(line => line.Event == 1807 && line.Text.Contains("A Broadcast of 3145734 bytes for b was not sent"));
        a.Links.Counters.TooLarge.ShouldBe(1);
    }

    [Fact]
    public async Task Where_both_dial_at_once_one_link_is_kept()
    {
        for (var round = 0; round < 20; round++)
        {
            var eager = TestNode.Patient with { FirstRetry = TimeSpan.Zero, HeadStart = TimeSpan.Zero };
            await using var a = await TestNode.Start("a", eager);
            await using var b = await TestNode.Start("b", eager);
            a.OnUp = peer => a.Links.Send(peer, Numbered(1));
            b.OnUp = peer => b.Links.Send(peer, Numbered(1));
            await Task.WhenAll(Task.Run(() => a.Links.SetPeers([b.Row])), Task.Run(() => b.Links.SetPeers([a.Row])));

            await a.Received.Until(messages => messages.Count >= 1);
            await b.Received.Until(messages => messages.Count >= 1);
            await a.Told.Until(Stands);
            await b.Told.Until(Stands);
        }

        static bool Stands(IReadOnlyList<string> told) =>
            told.Count(line => line.StartsWith("up", StringComparison.Ordinal))
            == told.Count(line => line.StartsWith("down", StringComparison.Ordinal)) + 1;
    }

    [Fact]
    public async Task What_is_for_one_session_does_not_go_over_the_next()
    {
        var (a, b) = await TestNode.Pair();
        await using var _ = a;
        await using var __ = b;
        a.Links.With(b.Id)!.Cut("the test cuts it");
        await a.Sessions.Until(sessions => sessions.Count == 2);

        var (first, second) = (a.Sessions.Items[0], a.Sessions.Items[1]);
        a.Links.Send(b.Id, first, Numbered(1)).ShouldBeFalse();
        a.Links.Send(b.Id, second, Numbered(2)).ShouldBeTrue();

        await b.Received.Until(messages => messages.Count == 1);
        Numbers(b).ShouldBe([2]);
    }

    [Fact]
    public async Task A_link_that_is_cut_comes_back_as_another_session()
    {
        var (a, b) = await TestNode.Pair();
        await using var _ = a;
        await using var __ = b;

        a.Links.With(b.Id)!.Cut("the test cuts it");

        await a.Told.Until(told => told is ["up b", "down b", "up b"]);
        await b.Told.Until(told => told is ["up a", "down a", "up a"]);
        a.Links.Send(b.Id, Numbered(1)).ShouldBeTrue();
        await b.Received.Until(messages => messages.Count == 1);
        a.Links.Counters.Reconnects.ShouldBe(1);
        a.Links.Counters.LinksUp.ShouldBe(1);
        a.Log.Items.ShouldContain(new LogLine(1802, Microsoft.Extensions.Logging.LogLevel.Warning, "The link with b ended: the test cuts it."));
    }

    [Fact]
    public async Task A_silent_peer_is_suspect_after_a_second_and_one_that_pings_is_not()
    {
        var clock = new ManualClock();
        await using var node = await TestNode.Start("b", TestNode.Patient with { SilentPings = 4 }, clock);
        node.Links.SetPeers([Unreachable("a")]);
        await using var raw = await RawPeer.Link(node);
        await node.Told.Until("up a");

        for (var i = 0; i < 10; i++)
        {
            var before = node.Links.Counters.BytesIn;
            await raw.Send(0, 0, 0, 0);
            await Reached(() => node.Links.Counters.BytesIn == before + 4);
            clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        node.Told.Items.ShouldBe(["up a"]);

        clock.Advance(TimeSpan.FromMilliseconds(750));
        node.Told.Items.ShouldBe(["up a"]);
        clock.Advance(TimeSpan.FromMilliseconds(250));
        await node.Told.Until("down a");
        await node.Log.Until(log => log.Any(line => line.Text == "The link with a ended: nothing was heard from the peer for too long."));
    }

    [Theory]
    [InlineData("secret", "Verb:Cluster:Secret")]
    [InlineData("name", "Verb:Cluster:Name")]
    [InlineData("version", "Upgrade the older node")]
    public async Task A_node_that_does_not_belong_is_told_why_and_the_cluster_is_not_harmed(string what, string todo)
    {
        var (a, b) = await TestNode.Pair();
        await using var _ = a;
        await using var __ = b;
        await using var c = await TestNode.Start("c", what switch
        {
            "secret" => TestNode.Patient with { Secret = "another secret" },
            "name" => TestNode.Patient with { Cluster = "another" },
            _ => TestNode.Patient with { OldestVersion = 0, NewestVersion = 0 },
        });
        a.Links.SetPeers([a.Row, b.Row, Unreachable("c")]);

        c.Links.SetPeers([a.Row]);

        await c.Log.Until(log => log.Any(line => line.Event == 1804 && line.Text.Contains(todo)));
        await a.Log.Until(log => log.Any(line => line.Event == 1803 && line.Text.Contains("A link with c") && line.Text.Contains(todo)));
        await Reached(() => a.Links.Counters.Refused >= 3);
        c.Log.Items.Count(line => line.Event == 1804).ShouldBe(1);
        a.Log.Items.Count(line => line.Event == 1803).ShouldBe(1);
        c.Told.Items.ShouldBeEmpty();
        a.Links.Send(b.Id, Numbered(1)).ShouldBeTrue();
        await b.Received.Until(messages => messages.Count == 1);
        a.Told.Items.ShouldBe(["up b"]);
    }

    [Fact]
    public async Task An_address_that_leads_back_to_the_node_is_said_to()
    {
        await using var a = await TestNode.Start("a");

        a.Links.SetPeers([a.Row with { Id = new NodeId("b") }]);

        await a.Log.Until(log => log.Any(line => line.Event == 1804 && line.Text.Contains("Verb:Cluster:Advertise lead to the node itself")));
        a.Told.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_cannot_be_reached_is_said_once()
    {
        await using var a = await TestNode.Start("a");

        a.Links.SetPeers([Unreachable("b")]);

        await a.Log.Until(log => log.Any(line => line.Event == 1805 && line.Text.StartsWith("b cannot be reached at 127.0.0.1:1:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Bytes_that_are_no_greeting_are_refused_with_one_line()
    {
        var (a, b) = await TestNode.Pair();
        await using var _ = a;
        await using var __ = b;

        for (var i = 0; i < 3; i++)
        {
            await using var raw = await RawPeer.Connect(a);
            await raw.Send(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));
            await raw.ReadToEnd();
        }

        await Reached(() => a.Links.Counters.Refused == 3);
        a.Log.Items.Count(line => line.Event == 1803 && line.Text.Contains("private network")).ShouldBe(1);
        a.Told.Items.ShouldBe(["up b"]);
    }

    [Theory]
    [InlineData("02000001", "at most 25165824")]
    [InlineData("000000040AFFFFFF", "")]
    public async Task A_peer_that_sends_what_cannot_be_read_is_cut_with_one_line(string bytes, string problem)
    {
        await using var node = await TestNode.Start("b", time: new ManualClock());
        node.Links.SetPeers([Unreachable("a")]);
        await using var raw = await RawPeer.Link(node);
        await node.Told.Until("up a");

        await raw.Send(Convert.FromHexString(bytes));

        await node.Told.Until("down a");
        node.Log.Items.Count(line => line.Event == 1806 && line.Text.StartsWith("What a sent cannot be read", StringComparison.Ordinal)
            && line.Text.Contains(problem)).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_newer_peer_says_is_ignored_and_counted()
    {
        await using var node = await TestNode.Start("b", time: new ManualClock());
        node.Links.SetPeers([Unreachable("a")]);
        await using var raw = await RawPeer.Link(node);

        await raw.Send(0, 0, 0, 5, 0xA2, 0x10, 0x02, 0x08, 0x01);
        await raw.Send([0, 0, 0, 6, .. Convert.FromHexString("3A0408071200")]);

        await Reached(() => node.Links.Counters.Unknown == 2);
        node.Told.Items.ShouldBe(["up a"]);
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_misses_what_may_be_dropped_and_then_catches_up()
    {
        var options = TestNode.Patient with { MaxQueuedMessages = 100 };
        await using var node = await TestNode.Start("b", options, new ManualClock());
        node.Links.SetPeers([Unreachable("a")]);
        await using var raw = await RawPeer.Link(node);
        await node.Told.Until("up a");
        var a = new NodeId("a");
        var told = new NodeMessage.ToRelay(Lobby, 1, new RelayMessage.Told(new byte[256 * 1024], null, null));

        var sent = 0;
        while (node.Links.Send(a, told))
            sent++.ShouldBeLessThan(5000);
        node.Links.Send(a, told).ShouldBeFalse();
        node.Links.Send(a, Numbered(1)).ShouldBeTrue();
        node.Recoveries.Items.ShouldBeEmpty();
        var reading = raw.ReadToEnd();

        await node.Recoveries.Until(recoveries => recoveries.Count == 1);
        node.Recoveries.Items[0].Rooms.ShouldBe([Lobby]);
        node.Recoveries.Items[0].Topics.ShouldBeEmpty();
        node.Links.Send(a, told).ShouldBeTrue();
        await Reached(() => node.Links.Counters.MessagesOut == sent + 2);
        node.Recoveries.Items.Count.ShouldBe(1);
        node.Links.Counters.Dropped.ShouldBe(2);
        node.Log.Items.Count(line => line.Event == 1808).ShouldBe(1);
        node.Told.Items.ShouldBe(["up a"]);
        await node.Links.Stop();
        await reading;
    }

    [Fact]
    public async Task A_link_too_far_behind_with_what_may_not_be_dropped_is_cut()
    {
        var options = TestNode.Patient with { MaxQueuedMessages = 100 };
        await using var node = await TestNode.Start("b", options, new ManualClock());
        node.Links.SetPeers([Unreachable("a")]);
        await using var raw = await RawPeer.Link(node);
        await node.Told.Until("up a");
        var a = new NodeId("a");
        var answer = new NodeMessage.Answered(1, Answer.Of(new ReplyBody.Json(new byte[256 * 1024])));

        var sent = 0;
        while (node.Links.Send(a, answer))
            sent++.ShouldBeLessThan(5000);

        await node.Told.Until("down a");
        node.Links.Send(a, answer).ShouldBeFalse();
        node.Log.Items.ShouldContain(line => line.Event == 1802 && line.Text.Contains("too far behind"));
    }

    [Fact]
    public async Task A_node_that_stopped_begins_another_life_on_the_same_links()
    {
        var (a, b) = await TestNode.Pair();
        await using var first = a;
        await using var second = b;
        await b.Links.Stop();
        await a.Told.Until("down b");

        await b.Links.Start(b.Id, 2, b, CancellationToken.None);
        var row = b.Row with { Incarnation = 2 };
        a.Links.SetPeers([a.Row, row]);
        b.Links.SetPeers([a.Row with { Address = "127.0.0.1:1" }, row]);

        await a.Told.Until(told => told is ["up b", "down b", "up b"]);
        await b.Told.Until(told => told.Count(line => line == "up a") == 2);
    }

    [Fact]
    public async Task Stopping_while_busy_leaves_nothing_behind()
    {
        var (a, b) = await TestNode.Pair();
        var endPoint = (IPEndPoint)a.Links.ListeningOn!;
        var told = new NodeMessage.ToRelay(Lobby, 1, new RelayMessage.Told(new byte[100], null, null));
        using var enough = new CancellationTokenSource();
        var senders = new[] { (From: a, To: b.Id), (From: b, To: a.Id) }.Select(way => Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
                way.From.Links.Send(way.To, told);
        })).ToArray();
        await b.Received.Until(messages => messages.Count > 1000);

        await a.Links.Stop();
        var heard = a.Told.Items;
        var received = a.Received.Items.Count;
        await b.Told.Until("down a");
        await b.Links.Stop();
        await enough.CancelAsync();
        await Task.WhenAll(senders);

        heard.ShouldBe(["up b", "down b"]);
        a.Told.Items.ShouldBe(heard);
        a.Received.Items.Count.ShouldBe(received);
        a.Links.Counters.LinksUp.ShouldBe(0);
        b.Links.Counters.LinksUp.ShouldBe(0);
        a.Links.Send(b.Id, Numbered(1)).ShouldBeFalse();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        (await Should.ThrowAsync<SocketException>(socket.ConnectAsync(endPoint))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task A_peer_that_is_not_named_any_more_and_one_with_another_life_are_cut()
    {
        var (a, b) = await TestNode.Pair();
        await using var _ = a;
        await using var __ = b;

        a.Links.SetPeers([a.Row, b.Row with { Incarnation = 2 }]);
        a.Told.Items.ShouldBe(["up b", "down b"]);
        a.Links.Send(b.Id, Numbered(1)).ShouldBeFalse();

        a.Links.SetPeers([a.Row, b.Row]);
        await a.Told.Until(told => told is ["up b", "down b", "up b"]);
        a.Links.SetPeers([]);
        a.Told.Items.ShouldBe(["up b", "down b", "up b", "down b"]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData(":7000")]
    [InlineData("no such host.invalid:7000")]
    [InlineData("192.0.2.1:7000")]
    public async Task An_address_that_cannot_be_listened_on_is_named(string listen)
    {
        var refused = await Should.ThrowAsync<ClusterRefusedException>(() => TestNode.Start("a", TestNode.Patient with { Listen = listen }));

        refused.Message.ShouldStartWith($"Verb:Cluster:Listen is {listen}: ");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var a = await TestNode.Start("a");
        var listen = $"{a.Links.ListeningOn}";

        var refused = await Should.ThrowAsync<ClusterRefusedException>(() => TestNode.Start("b", TestNode.Patient with { Listen = listen }));

        refused.Message.ShouldContain("free port");
    }

    private static NodeMessage.Answered Numbered(long number) => new(number, Answer.Done);

    private static IEnumerable<long> Numbers(TestNode node) => node.Received.Items.Select(message => ((NodeMessage.Answered)message).Ask);

    /// <summary>A peer that is named, but that the node cannot dial: it has to come.</summary>
    private static NodeRow Unreachable(string id) => new(new NodeId(id), 1, "127.0.0.1:1", Draining: false, Expired: false);

    private static async Task Reached(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
