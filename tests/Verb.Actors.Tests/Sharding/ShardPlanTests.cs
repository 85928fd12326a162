using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Sharding;

public sealed class ShardPlanTests
{
    private static readonly NodeId Me = new("me");
    private static readonly NodeId Peer = new("peer");
    private readonly ShardTable _table = new();

    [Fact]
    public void A_node_that_is_alone_claims_everything()
    {
        var plan = ShardPlan.Of(Me, [Row(Me)], _table, new HashSet<NodeId>());

        plan.Claims.Count.ShouldBe(Shards.Count);
        plan.HandOvers.ShouldBeEmpty();
    }

    [Fact]
    public void Of_what_nobody_owns_a_node_claims_its_share_only()
    {
        var mine = ShardPlan.Of(Me, [Row(Me), Row(Peer)], _table, new HashSet<NodeId>()).Claims.Select(row => row.Shard).ToArray();
        var theirs = ShardPlan.Of(Peer, [Row(Me), Row(Peer)], _table, new HashSet<NodeId>()).Claims.Select(row => row.Shard).ToArray();

        mine.Concat(theirs).Order().ShouldBe(Enumerable.Range(0, Shards.Count));
    }

    [Fact]
    public void What_belongs_to_a_peer_is_given_only_over_a_link_that_stands()
    {
        HoldAll();

        ShardPlan.Of(Me, [Row(Me), Row(Peer)], _table, new HashSet<NodeId>()).HandOvers.ShouldBeEmpty();
        var given = ShardPlan.Of(Me, [Row(Me), Row(Peer)], _table, new HashSet<NodeId> { Peer }).HandOvers[Peer];

        given.ShouldAllBe(shard => Placement.Of(shard, new[] { Me, Peer }) == Peer);
        given.Count.ShouldBe(Enumerable.Range(0, Shards.Count).Count(shard => Placement.Of(shard, new[] { Me, Peer }) == Peer));
    }

    [Fact]
    public void What_stands_under_a_nodes_own_name_it_claims_wherever_it_belongs()
    {
        for (var shard = 0; shard < Shards.Count; shard++)
        {
            _table.Learn(new ShardRow(shard, Me, 3));
            _table.Lose(shard);
        }

        ShardPlan.Of(Me, [Row(Me), Row(Peer)], _table, new HashSet<NodeId>()).Claims.Count.ShouldBe(Shards.Count);
    }

    [Fact]
    public void A_draining_node_gives_everything_and_takes_only_what_stands_under_its_own_name()
    {
        HoldAll();
        _table.Lose(7);

        var plan = ShardPlan.Of(Me, [Row(Me, draining: true), Row(Peer)], _table, new HashSet<NodeId> { Peer });

        plan.Claims.Select(row => row.Shard).ShouldBe([7]);
        plan.HandOvers[Peer].Count.ShouldBe(Shards.Count - 1);
    }

    [Fact]
    public void Where_every_node_drains_shards_stay_where_they_are()
    {
        HoldAll();

        var plan = ShardPlan.Of(Me, [Row(Me, draining: true), Row(Peer, draining: true)], _table, new HashSet<NodeId> { Peer });

        plan.Claims.ShouldBeEmpty();
        plan.HandOvers.ShouldBeEmpty();
    }

    private void HoldAll()
    {
        for (var shard = 0; shard < Shards.Count; shard++)
            _table.Hold(shard, 1, Me);
    }

    private static NodeRow Row(NodeId node, bool draining = false) => new(node, 1, "host:1", draining, Expired: false);
}
