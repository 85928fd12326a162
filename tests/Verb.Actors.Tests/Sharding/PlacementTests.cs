using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Tests.Sharding;

public sealed class PlacementTests
{
    private static readonly NodeId[] Three = [new("a"), new("b"), new("c")];

    [Fact]
    public void Every_node_gets_its_share()
    {
        var counts = Enumerable.Range(0, Shards.Count).GroupBy(shard => Placement.Of(shard, Three)).Select(g => g.Count()).ToArray();

        counts.Length.ShouldBe(3);
        counts.ShouldAllBe(count => count > 55 && count < 120);
    }

    [Fact]
    public void The_order_of_the_nodes_does_not_matter()
    {
        foreach (var shard in Enumerable.Range(0, Shards.Count))
            Placement.Of(shard, Three.Reverse()).ShouldBe(Placement.Of(shard, Three));
    }

    [Fact]
    public void A_node_that_goes_moves_only_its_own_shards()
    {
        NodeId[] left = [Three[0], Three[2]];

        foreach (var shard in Enumerable.Range(0, Shards.Count).Where(shard => Placement.Of(shard, Three) != Three[1]))
            Placement.Of(shard, left).ShouldBe(Placement.Of(shard, Three));
    }

    [Fact]
    public void Without_nodes_there_is_no_place() => Placement.Of(0, []).ShouldBeNull();

    /// <summary>What another version or another machine would have to compute, too.</summary>
    [Theory]
    [InlineData("lobby", 75)]
    [InlineData("räume/1", 184)]
    public void Shards_never_change(string room, int shard) => Shards.Of(new RoomId(room)).ShouldBe(shard);

    [Fact]
    public void Rooms_topics_and_users_of_one_name_fall_apart()
    {
        var shards = Enumerable.Range(0, 50)
            .Count(i => Shards.Of(new RoomId($"x{i}")) == Shards.Of(new UserId($"x{i}")) || Shards.Of(new RoomId($"x{i}")) == Shards.Of(new TopicName($"x{i}")));

        shards.ShouldBeLessThan(5);
    }
}
