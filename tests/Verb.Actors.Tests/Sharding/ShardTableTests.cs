using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Sharding;

public sealed class ShardTableTests
{
    private static readonly NodeId Me = new("me");
    private static readonly NodeId Peer = new("peer");
    private readonly ShardTable _table = new();

    [Fact]
    public void A_lower_or_equal_term_is_no_news()
    {
        _table.Learn(new ShardRow(1, Peer, 5)).ShouldBeTrue();
        var before = _table[1];

        _table.Learn(new ShardRow(1, Me, 5)).ShouldBeFalse();
        _table.Learn(new ShardRow(1, Me, 4)).ShouldBeFalse();

        _table[1].ShouldBe(before);
    }

    [Fact]
    public void A_shard_whose_owner_died_keeps_its_term_and_no_version()
    {
        _table.Learn(new ShardRow(1, Peer, 5));
        var version = _table[1].Version;
        _table.Lose(1);

        _table[1].ShouldBe(new ShardEntry(ShardState.Unowned, Peer, 5, 0, version));
    }

    [Fact]
    public void An_owner_that_was_thought_dead_may_come_back_under_its_term()
    {
        _table.Learn(new ShardRow(1, Peer, 5));
        var version = _table[1].Version;
        _table.Lose(1);

        _table.Learn(new ShardRow(1, null, 5)).ShouldBeFalse();
        _table.Learn(new ShardRow(1, Peer, 4)).ShouldBeFalse();
        _table.Learn(new ShardRow(1, Peer, 5)).ShouldBeTrue();

        _table[1].State.ShouldBe(ShardState.Elsewhere);
        _table[1].Version.ShouldNotBe(version, "what was sent meanwhile went nowhere");
    }

    [Fact]
    public void Every_new_owner_is_another_version()
    {
        var versions = new HashSet<int> { _table[1].Version };

        _table.Learn(new ShardRow(1, Peer, 5));
        versions.Add(_table[1].Version).ShouldBeTrue();
        _table.Hold(1, 6, Me);
        versions.Add(_table[1].Version).ShouldBeTrue();
        _table.BeginMove(1);
        _table.Hold(1, 6, Me);
        versions.Add(_table[1].Version).ShouldBeTrue("what was sent while it moved is lost");
        _table.Version.ShouldBe(_table[1].Version);
    }

    [Fact]
    public void A_new_session_with_an_owner_touches_its_shards_only()
    {
        _table.Learn(new ShardRow(1, Peer, 5));
        _table.Learn(new ShardRow(2, new NodeId("other"), 5));
        var (one, two) = (_table[1].Version, _table[2].Version);

        _table.Touch(Peer, 7).ShouldBe([1]);

        _table[1].Version.ShouldNotBe(one);
        _table[1].Session.ShouldBe(7);
        (_table[2].Version, _table[2].Session).ShouldBe((two, 0));
    }

    [Fact]
    public void A_shard_that_an_owner_takes_later_is_reached_over_the_session_that_stands()
    {
        _table.Touch(Peer, 7);
        _table.Learn(new ShardRow(1, Peer, 5));
        _table[1].Session.ShouldBe(7);

        _table.Learn(new ShardRow(1, new NodeId("other"), 6));
        _table[1].Session.ShouldBe(0);
    }
}
