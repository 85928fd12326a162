using System.Text;
using Verb.Actors.Sharding;
using Verb.Cluster.Links;
using Verb.Cluster.Links.Handshake;
using Verb.TestKit.Time;
using Reason = Verb.Cluster.Links.Wire.Refused.Types.Reason;

namespace Verb.Cluster.Tests.Links;

public sealed class LinkRulesTests
{
    [Fact]
    public void Waits_double_up_to_the_longest_and_begin_again_after_success()
    {
        var backOff = new BackOff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

        Enumerable.Range(0, 8).Select(_ => backOff.Next(1).TotalMilliseconds).ShouldBe([50, 100, 200, 400, 800, 1600, 2000, 2000]);
        backOff.Next(0).TotalMilliseconds.ShouldBe(1000);
        backOff.Reset();
        backOff.Next(0).TotalMilliseconds.ShouldBe(25);
    }

    [Fact]
    public void A_line_about_one_subject_is_said_once_in_half_a_minute()
    {
        var clock = new ManualClock();
        var pace = new LogPace(clock);

        pace.Allows("secret", "a").ShouldBeTrue();
        pace.Allows("secret", "a").ShouldBeFalse();
        pace.Allows("secret", "b").ShouldBeTrue();
        pace.Allows("name", "a").ShouldBeTrue();
        clock.Advance(TimeSpan.FromSeconds(29));
        pace.Allows("secret", "a").ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        pace.Allows("secret", "a").ShouldBeTrue();
    }

    [Fact]
    public void Names_made_up_by_strangers_fill_no_memory()
    {
        var clock = new ManualClock();
        var pace = new LogPace(clock);

        Enumerable.Range(0, 5000).Count(i => pace.Allows("secret", $"{i}")).ShouldBe(1000);
        clock.Advance(TimeSpan.FromSeconds(30));
        pace.Allows("secret", "new").ShouldBeTrue();
    }

    [Fact]
    public void A_proof_holds_for_its_side_secret_and_hellos_only()
    {
        byte[] secret = [1, 2, 3], dialler = [4, 5], acceptor = [6, 7];
        var proof = LinkProof.Of(secret, LinkSide.Dialler, dialler, acceptor);

        proof.Length.ShouldBe(32);
        LinkProof.Of(secret, LinkSide.Dialler, dialler, acceptor).ShouldBe(proof);
        LinkProof.Of(secret, LinkSide.Acceptor, dialler, acceptor).ShouldNotBe(proof);
        LinkProof.Of([1, 2, 4], LinkSide.Dialler, dialler, acceptor).ShouldNotBe(proof);
        LinkProof.Of(secret, LinkSide.Dialler, [4, 9], acceptor).ShouldNotBe(proof);
        LinkProof.Of(secret, LinkSide.Dialler, dialler, [6, 9]).ShouldNotBe(proof);
        LinkProof.Of(secret, LinkSide.Dialler, [4, 5, 6], [7]).ShouldNotBe(proof);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 3, false)]
    [InlineData(0, 0, false)]
    [InlineData(0, 9, true)]
    public void Versions_must_overlap(int oldest, int newest, bool linked)
    {
        var hello = Identity("a", TestNode.Patient with { OldestVersion = oldest, NewestVersion = newest }).Hello(new byte[32]);

        Identity("b", TestNode.Patient).Against(hello).ShouldBe(linked ? null : Reason.OtherVersion);
    }

    [Fact]
    public void Every_reason_is_told_in_words()
    {
        var texts = Enum.GetValues<Reason>().Select(Refusals.Text).ToArray();

        texts.Distinct().Count().ShouldBe(texts.Length);
    }

    [Fact]
    public async Task Only_named_peers_of_the_known_life_are_taken()
    {
        await using var node = await TestNode.Start("b");
        node.Links.SetPeers([new NodeRow(new NodeId("a"), 5, "127.0.0.1:1", Draining: false, Expired: false)]);

        (await Refused(node, "stranger", 5)).ShouldBe(Reason.NotKnownYet);
        (await Refused(node, "a", 4)).ShouldBe(Reason.Superseded);
        (await Refused(node, "a", 6)).ShouldBe(Reason.NotKnownYet);
        (await Refused(node, "b", 1)).ShouldBe(Reason.DuplicateNode);
        node.Told.Items.ShouldBeEmpty();
        await using var raw = await RawPeer.Link(node, "a", incarnation: 5);
        await node.Told.Until("up a");
    }

    [Fact]
    public async Task A_second_link_of_the_one_that_dials_replaces_the_first_and_what_the_first_says_is_not_heard()
    {
        await using var node = await TestNode.Start("b", time: new ManualClock());
        node.Links.SetPeers([new NodeRow(new NodeId("a"), 1, "127.0.0.1:1", Draining: false, Expired: false)]);
        await using var first = await RawPeer.Link(node);
        await node.Told.Until("up a");

        await using var second = await RawPeer.Link(node);

        await node.Told.Until(told => told is ["up a", "down a", "up a"]);
        await first.ReadToEnd();
        node.Links.Counters.LinksUp.ShouldBe(1);
    }

    [Fact]
    public async Task The_secret_does_not_cross()
    {
        await using var node = await TestNode.Start("b");
        await using var raw = await RawPeer.Connect(node);
        var hello = Identity("a", TestNode.Patient).Hello(new byte[32]);
        var greeting = new Verb.Cluster.Links.Wire.Greeting { Hello = hello };
        Frames.Write(raw.Output, greeting, greeting.CalculateSize());
        await raw.Output.FlushAsync();

        var answer = await Frames.Read(raw.Input, 4096, CancellationToken.None);

        Encoding.UTF8.GetString(answer!).ShouldNotContain(TestNode.Patient.Secret);
        Encoding.UTF8.GetString(answer!).ShouldContain(TestNode.Patient.Cluster);
    }

    [Theory]
    [InlineData("node-1:7000", "node-1", 7000)]
    [InlineData("[::1]:7000", "::1", 7000)]
    [InlineData("*:0", "*", 0)]
    public void A_host_and_a_port_are_taken_apart(string text, string host, int port) => HostPort.Parse(text).ShouldBe((host, port));

    [Theory]
    [InlineData("")]
    [InlineData("7000")]
    [InlineData("::1:7000")]
    [InlineData("host:-1")]
    [InlineData("host:")]
    public void What_is_no_host_and_port_is_said_to_be_none(string text) =>
        Should.Throw<FormatException>(() => HostPort.Parse(text)).Message.ShouldBe($"'{text}' is not host:port");

    private static LinkIdentity Identity(string id, LinkOptions options) => new(options, new NodeId(id), 1);

    private static async Task<Reason> Refused(TestNode node, string id, long incarnation)
    {
        await using var raw = await RawPeer.Connect(node);
        var refused = await Should.ThrowAsync<LinkRefusedException>(raw.Greet(node, id, incarnation: incarnation));
        refused.ByPeer.ShouldBeTrue();
        return refused.Reason;
    }
}
