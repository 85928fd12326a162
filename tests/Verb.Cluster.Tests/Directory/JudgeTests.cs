using Verb.Actors.Durability;

namespace Verb.Cluster.Tests.Directory;

public sealed class JudgeTests(DirectoryServer fixture) : DirectoryTest(fixture)
{
    [Fact]
    public async Task A_peer_that_holds_its_lock_and_its_lease_is_alive()
    {
        var (_, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        (await two.Judge(Id("one"), first, default)).ShouldBeFalse();
        (await two.Renew(default))!.Nodes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_peer_whose_connection_ended_is_dead_by_its_lock()
    {
        var (one, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(2), default);
        await Database.Cut($"verb/one/{first}");
        (await two.Judge(Id("one"), first, default)).ShouldBeTrue();
        (await two.Renew(default))!.Nodes.ShouldHaveSingleItem().Id.ShouldBe(Id("two"));
        (await two.Claim(owned, default)).Count.ShouldBe(2);
        (await one.Renew(default)).ShouldBeNull();
        (await one.Claim(owned, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_whose_lease_ran_out_is_dead_although_it_holds_its_lock_and_its_connections_are_ended()
    {
        var (one, first) = await Database.Joined("one");
        await using var pooled = await Database.Open("verb/one/pool");
        var (two, _) = await Database.Joined("two");
        await using var stranger = await Database.Open("verb/one-more/pool");
        await Database.Execute("UPDATE node SET expires = clock_timestamp() WHERE id = 'one'");
        (await two.Judge(Id("one"), first, default)).ShouldBeTrue();
        await Database.Ended($"verb/one/{first}");
        await Database.Ended("verb/one/pool");
        (await Database.Value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'verb/one-more/pool'")).ShouldBe(1L);
        (await two.Renew(default))!.Nodes.ShouldHaveSingleItem().Id.ShouldBe(Id("two"));
        (await one.Renew(default)).ShouldBeNull();
    }

    [Fact]
    public async Task What_the_next_life_of_a_killed_peer_has_opened_already_is_not_ended_with_it()
    {
        var (one, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        await using var left = await Database.Open("verb/one/pool");
        await one.Renew(default);
        await Database.Cut($"verb/one/{first}");
        await using var opened = await Database.Open("verb/one/pool");
        (await two.Judge(Id("one"), first, default)).ShouldBeTrue();
        await Database.Until($"SELECT array_agg(pid) = ARRAY[{opened.ProcessID}] FROM pg_stat_activity WHERE application_name = 'verb/one/pool' AND datname = current_database()");
    }

    [Fact]
    public async Task What_a_frozen_peer_has_locked_is_free_once_it_is_judged()
    {
        var (one, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(1), default);
        await using var frozen = await Database.Open("verb/one/pool");
        await using var transaction = await frozen.BeginTransactionAsync();
        await using (var fence = new Npgsql.NpgsqlCommand("SELECT 1 FROM shard WHERE id = 0 FOR SHARE", frozen, transaction))
            await fence.ExecuteScalarAsync();
        await Database.Execute("UPDATE node SET expires = clock_timestamp() WHERE id = 'one'");
        (await two.Judge(Id("one"), first, default)).ShouldBeTrue();
        (await two.Claim(owned, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_that_stays_locked_is_a_failure_in_time_and_keeps_the_node_in()
    {
        var (one, _) = await Database.Joined("one", Database.Options with { CommandTimeout = TimeSpan.FromSeconds(6) });
        await using var writer = await Database.Open();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var fence = new Npgsql.NpgsqlCommand("SELECT 1 FROM shard WHERE id = 0 FOR SHARE", writer, transaction))
            await fence.ExecuteScalarAsync();
        var failure = await Should.ThrowAsync<StorageException>(async () => await one.Claim(Fresh(1), default));
        failure.Fault.ShouldBe(StorageFault.Overloaded);
        var (two, _) = await Database.Joined("two");
        (await two.Judge(Id("one"), 1, default)).ShouldBeFalse();
        (await one.Renew(default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_peer_that_is_gone_already_or_lives_again_is_dead_in_that_life()
    {
        var (one, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        await one.DisposeAsync();
        var (again, second) = await Database.Joined("one");
        (await two.Judge(Id("one"), first, default)).ShouldBeTrue();
        (await two.Judge(Id("nobody"), 1, default)).ShouldBeTrue();
        (await two.Judge(Id("one"), second, default)).ShouldBeFalse();
        (await again.Renew(default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Peers_that_judge_the_same_node_at_once_all_learn_that_it_is_dead_and_take_each_shard_once()
    {
        var (one, first) = await Database.Joined("one");
        var owned = await one.Claim(Fresh(), default);
        var peers = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => Database.Joined($"n{number}")));
        await one.DisposeAsync();
        await Database.Ended($"verb/one/{first}");
        (await Task.WhenAll(peers.Select(peer => peer.Directory.Judge(Id("one"), first, default).AsTask()))).ShouldAllBe(dead => dead);
        var taken = await Task.WhenAll(peers.Select(peer => peer.Directory.Claim(owned, default).AsTask()));
        taken.SelectMany(shards => shards).Select(shard => shard.Shard).Order().ShouldBe(Enumerable.Range(0, owned.Count));
    }

    [Fact]
    public async Task A_node_that_lost_its_connection_stays_in_if_nobody_judged_it_and_judges_nobody_at_once()
    {
        var (one, first) = await Database.Joined("one");
        var (judge, _) = await Database.Joined("judge");
        var clock = new StoppedClock();
        var two = Database.Node(Database.Options with { Settling = TimeSpan.FromMilliseconds(1) }, clock);
        var second = await two.Join(Id("two"), "two:7000", default);
        await Database.Cut($"verb/two/{second}");
        (await two.Renew(default)).ShouldNotBeNull();
        (await judge.Judge(Id("two"), second, default)).ShouldBeFalse("It holds its lock again.");
        (await two.Claim(Fresh(1), default)).Count.ShouldBe(1);
        await one.DisposeAsync();
        await Database.Ended($"verb/one/{first}");
        (await two.Judge(Id("one"), first, default)).ShouldBeFalse();
        clock.Elapsed = TimeSpan.FromMilliseconds(1);
        (await two.Judge(Id("one"), first, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_old_connection_that_the_server_holds_for_alive_does_not_keep_its_node_out()
    {
        var (one, first) = await Database.Joined("one");
        await Database.Cut($"verb/one/{first}");
        // The server's side of a connection whose other end is gone without a word.
        await using var ghost = await Database.Open($"verb/one/{first}");
        await using (var take = new Npgsql.NpgsqlCommand($"SELECT pg_advisory_lock({Cluster.Directory.NodeLock.Key("test", Id("one"))})", ghost))
            await take.ExecuteScalarAsync();
        (await one.Renew(default)).ShouldNotBeNull();
        var (two, _) = await Database.Joined("two");
        (await two.Judge(Id("one"), first, default)).ShouldBeFalse();
    }

    /// <summary>Its time of day is the machine's; how much has passed is told.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
