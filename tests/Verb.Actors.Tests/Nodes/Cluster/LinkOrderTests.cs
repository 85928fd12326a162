using Verb.Actors.Sharding;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes.Cluster;

/// <summary>What a client sends takes effect in the order sent, also while a link comes up.</summary>
public sealed class LinkOrderTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_waited_for_the_link_goes_before_what_is_sent_when_it_stands(int seed)
    {
        using var pair = new NodePair(seed);
        var room = NodePair.RoomOf(pair.A);
        var client = pair.Client(pair.B, "ann");
        client.Join(room);
        pair.Cut();
        client.Chat("1", room, "m1");
        pair.System.Settle();

        pair.Connect();
        client.Chat("2", room, "m2");

        Seq(client, "1").ShouldBeLessThan(Seq(client, "2"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_sent_when_the_link_stands_is_not_taken_for_lost_with_the_one_before(int seed)
    {
        using var pair = new NodePair(seed);
        var room = NodePair.RoomOf(pair.A);
        var client = pair.Client(pair.B, "ann");
        client.Join(room);
        pair.Cut();

        pair.Connect();
        client.Chat("1", room);

        client.ReplyTo("1").GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void What_an_owner_holds_of_a_node_when_the_link_breaks_goes_behind_what_was_sent_before_it()
    {
        using var pair = new NodePair();
        var room = NodePair.RoomOf(pair.A);
        var client = pair.Client(pair.B, "ann");
        client.Join(room);
        pair.Network.Loses = message => message is NodeMessage.ToRoom;
        client.Chat("1", room, "m1");
        pair.System.Settle();
        pair.Network.Loses = message => message is NodeMessage.ToRelay;
        pair.LoadAnew(room); // It holds what comes until the relay, which does not hear it, has said who is here.
        client.Chat("2", room, "m2");
        pair.System.Settle();

        pair.Network.Loses = static _ => false;
        pair.Cut();
        pair.Connect();

        Seq(client, "1").ShouldBeLessThan(Seq(client, "2"));
    }

    private static long Seq(PairClient client, string id) => client.ReplyTo(id).GetProperty("data").Number("seq");
}
