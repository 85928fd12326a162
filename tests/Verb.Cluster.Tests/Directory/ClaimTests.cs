using Verb.Actors.Sharding;

namespace Verb.Cluster.Tests.Directory;

public sealed class ClaimTests(DirectoryServer fixture) : DirectoryTest(fixture)
{
    [Fact]
    public async Task Nodes_that_claim_the_same_shards_at_once_win_each_once()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Database.Joined($"n{number}")));
        var won = await Task.WhenAll(nodes.Select((node, number) => node.Directory.Claim(number % 2 == 0 ? Fresh() : [.. Fresh().Reverse()], default).AsTask()));
        won.SelectMany(shards => shards).Select(shard => shard.Shard).Order().ShouldBe(Enumerable.Range(0, Shards.Count));
        var view = (await nodes[0].Directory.Renew(default)).ShouldNotBeNull();
        view.Shards.ShouldBe(won.SelectMany(shards => shards).OrderBy(shard => shard.Shard));
        view.Shards.ShouldAllBe(shard => shard.Term == 1);
        for (var number = 0; number < nodes.Length; number++)
            won[number].ShouldAllBe(shard => shard.Owner == Id($"n{number}"));
    }

    [Fact]
    public async Task A_shard_whose_term_moved_on_is_not_claimed()
    {
        var (one, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        await one.Claim(Fresh(1), default);
        await one.Leave(default);
        (await two.Claim(Fresh(2), default)).ShouldBe([new ShardRow(1, Id("two"), 1)]);
    }

    [Fact]
    public async Task A_shard_of_a_node_that_stands_in_the_table_is_not_claimed()
    {
        var (one, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(1), default);
        await Database.Expire("one");
        (await two.Claim(owned, default)).ShouldBeEmpty();
        (await two.Judge(Id("one"), first, default)).ShouldBeTrue();
        (await two.Claim(owned, default)).ShouldBe([new ShardRow(0, Id("two"), 2)]);
    }

    [Theory]
    [InlineData("DELETE FROM node")]
    [InlineData("UPDATE node SET incarnation = incarnation + 1")]
    [InlineData("UPDATE node SET expires = now() - interval '1 ms'")]
    public async Task A_node_that_is_none_any_more_claims_nothing(string how)
    {
        var (one, _) = await Database.Joined("one");
        await Database.Execute(how);
        (await one.Claim(Fresh(), default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("DELETE FROM node")]
    [InlineData("UPDATE node SET incarnation = incarnation + 1")]
    public async Task A_node_whose_row_is_gone_or_another_life_s_renews_nothing_although_its_connection_stands(string how)
    {
        var (one, _) = await Database.Joined("one");
        await Database.Execute(how);
        (await one.Renew(default)).ShouldBeNull();
    }

    [Fact]
    public async Task Shards_are_given_to_a_node_that_lives_with_new_terms()
    {
        var (one, _) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(3), default);
        (await one.HandOver([owned[0], owned[2]], Id("two"), default))
            .ShouldBe([new ShardRow(0, Id("two"), 2), new ShardRow(2, Id("two"), 2)], ignoreOrder: true);
        (await two.Renew(default))!.Shards.Take(4)
            .ShouldBe([new(0, Id("two"), 2), new(1, Id("one"), 1), new(2, Id("two"), 2), new(3, null, 0)]);
    }

    [Fact]
    public async Task Shards_are_given_only_by_who_holds_them_with_that_term()
    {
        var (one, _) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(1), default);
        (await two.HandOver(owned, Id("two"), default)).ShouldBeEmpty();
        (await one.HandOver([new ShardRow(0, Id("one"), 2)], Id("two"), default)).ShouldBeEmpty();
        (await one.HandOver([new ShardRow(1, Id("one"), 0)], Id("two"), default)).ShouldBeEmpty();
        await Database.Execute("UPDATE node SET incarnation = incarnation + 10 WHERE id = 'one'");
        (await one.HandOver(owned, Id("two"), default)).ShouldBeEmpty();
        (await two.Renew(default))!.Shards[0].ShouldBe(owned[0]);
    }

    [Fact]
    public async Task Shards_are_not_given_to_a_node_that_is_gone_or_draining_or_whose_lease_ran_out()
    {
        var (one, _) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(1), default);
        (await one.HandOver(owned, Id("three"), default)).ShouldBeEmpty();
        await two.SetDraining(true, default);
        (await one.HandOver(owned, Id("two"), default)).ShouldBeEmpty();
        await two.SetDraining(false, default);
        await Database.Expire("two");
        (await one.HandOver(owned, Id("two"), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Giving_shards_to_a_node_does_not_keep_it_from_renewing()
    {
        var (one, _) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(1), default);
        await using var writer = await Database.Open();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var fence = new Npgsql.NpgsqlCommand("SELECT 1 FROM shard WHERE id = 0 FOR SHARE", writer, transaction))
            await fence.ExecuteScalarAsync();
        var giving = one.HandOver(owned, Id("two"), default).AsTask();
        await Database.Until("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
        (await two.Renew(default)).ShouldNotBeNull();
        giving.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync();
        (await giving).ShouldBe([new ShardRow(0, Id("two"), 2)]);
    }
}
