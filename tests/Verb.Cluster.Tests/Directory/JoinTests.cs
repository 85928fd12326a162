using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Cluster.Directory;

namespace Verb.Cluster.Tests.Directory;

public sealed class JoinTests(DirectoryServer fixture) : DirectoryTest(fixture)
{
    [Fact]
    public async Task A_node_that_joined_sees_itself_the_others_and_every_shard()
    {
        var (one, first) = await Database.Joined("one");
        var (_, second) = await Database.Joined("two");
        var view = (await one.Renew(default)).ShouldNotBeNull();
        view.Nodes.ShouldBe([
            new NodeRow(Id("one"), first, "one:7000", false, false),
            new NodeRow(Id("two"), second, "two:7000", false, false),
        ]);
        view.Shards.ShouldBe(Fresh());
        second.ShouldBeGreaterThan(first);
    }

    [Fact]
    public async Task Renewing_moves_the_lease_and_a_lease_that_ran_out_is_told()
    {
        var (one, _) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        await Database.Expire("one");
        (await two.Renew(default))!.Nodes.Select(node => node.Expired).ShouldBe([true, false]);
        (await one.Renew(default)).ShouldNotBeNull();
        (await two.Renew(default))!.Nodes.Select(node => node.Expired).ShouldBe([false, false]);
        (await Database.Value("SELECT bool_and(expires > now() + interval '50 min') FROM node")).ShouldBe(true);
    }

    [Fact]
    public async Task A_node_with_another_secret_is_refused_while_others_live_and_names_the_secret_where_none_does()
    {
        var options = Database.Options;
        var (one, _) = await Database.Joined("one", options with { SecretDigest = "a" });
        var refused = await Should.ThrowAsync<ClusterRefusedException>(() => Database.Joined("two", options with { SecretDigest = "b" }));
        refused.Message.ShouldBe("The nodes of the cluster 'test' have another secret; set Verb:Cluster:Secret to theirs.");
        await Database.Joined("two", options with { SecretDigest = "a" });
        await Database.Expire("two");
        await one.Leave(default);
        await Database.Joined("three", options with { SecretDigest = "b" });
        await Should.ThrowAsync<ClusterRefusedException>(() => Database.Joined("four", options with { SecretDigest = "a" }));
    }

    [Fact]
    public async Task Draining_is_told_and_taken_back()
    {
        var (one, _) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        await one.SetDraining(true, default);
        (await two.Renew(default))!.Nodes.Select(node => node.Draining).ShouldBe([true, false]);
        await one.SetDraining(false, default);
        (await two.Renew(default))!.Nodes.Select(node => node.Draining).ShouldBe([false, false]);
    }

    [Fact]
    public async Task A_node_that_left_is_gone_with_its_lock_and_its_shards_may_be_taken()
    {
        var (one, first) = await Database.Joined("one");
        var (two, _) = await Database.Joined("two");
        var owned = await one.Claim(Fresh(3), default);
        await one.Leave(default);
        (await one.Renew(default)).ShouldBeNull();
        (await two.Renew(default))!.Nodes.ShouldHaveSingleItem().Id.ShouldBe(Id("two"));
        await Database.Ended($"verb/one/{first}");
        (await two.Claim(owned, default)).Select(shard => shard.Term).ShouldBe([2, 2, 2]);
    }

    [Fact]
    public async Task A_node_that_comes_back_is_another_incarnation_and_takes_its_earlier_life_s_shards()
    {
        var (earlier, first) = await Database.Joined("one");
        var owned = await earlier.Claim(Fresh(2), default);
        await earlier.DisposeAsync();
        var (later, second) = await Database.Joined("one");
        second.ShouldBeGreaterThan(first);
        (await later.Renew(default))!.Nodes.ShouldHaveSingleItem().Incarnation.ShouldBe(second);
        (await later.Claim(owned, default)).Select(shard => shard.Term).ShouldBe([2, 2]);
    }

    [Fact]
    public async Task A_node_that_was_not_in_is_none()
    {
        var node = Database.Node();
        (await node.Renew(default)).ShouldBeNull();
        (await node.Claim(Fresh(), default)).ShouldBeEmpty();
        (await node.HandOver(Fresh(), Id("two"), default)).ShouldBeEmpty();
        (await node.Judge(Id("two"), 1, default)).ShouldBeFalse();
        await node.Leave(default);
    }

    [Fact]
    public async Task A_second_node_of_the_same_name_is_refused_while_the_first_lives()
    {
        var (one, _) = await Database.Joined("one");
        var second = Database.Node(Database.Options with { Lease = TimeSpan.FromMilliseconds(100) });
        (await Should.ThrowAsync<ClusterRefusedException>(async () => await second.Join(Id("one"), "other:7000", default))).Message
            .ShouldBe("Another node named 'one' is in the cluster 'test'; choose another Verb:Cluster:NodeId.");
        (await one.Renew(default))!.Nodes.ShouldHaveSingleItem().Address.ShouldBe("one:7000");
    }

    [Fact]
    public async Task A_node_takes_the_place_of_its_earlier_life_that_is_frozen()
    {
        var (frozen, first) = await Database.Joined("one");
        await Database.Expire("one");
        var (_, second) = await Database.Joined("one");
        await Database.Ended($"verb/one/{first}");
        (await frozen.Renew(default)).ShouldBeNull();
        (await Database.Value("SELECT incarnation FROM node")).ShouldBe(second);
    }

    [Fact]
    public async Task What_an_earlier_life_left_open_is_ended_but_not_what_the_new_one_has_opened()
    {
        var (earlier, _) = await Database.Joined("one");
        await using var left = await Database.Open("verb/one/pool");
        // What was open when the earlier life last renewed can only be that life's.
        await earlier.Renew(default);
        await earlier.DisposeAsync();
        await using var opened = await Database.Open("verb/one/pool");
        await using var stranger = await Database.Open("verb/one-more/pool");
        await Database.Joined("one");
        await Database.Until($"SELECT array_agg(pid ORDER BY pid) = ARRAY(SELECT unnest(ARRAY[{opened.ProcessID}, {stranger.ProcessID}]) ORDER BY 1) FROM pg_stat_activity WHERE application_name LIKE 'verb/%/pool' AND datname = current_database()");
    }

    [Fact]
    public async Task Another_cluster_s_database_is_refused()
    {
        await Database.Joined("one");
        var other = Database.Node(Database.Options with { Cluster = "production" });
        (await Should.ThrowAsync<ClusterRefusedException>(async () => await other.Join(Id("two"), "two:7000", default))).Message
            .ShouldBe("The database belongs to the cluster 'test', not to 'production'; set Verb:Cluster:Name or use another database.");
        (await Database.Value("SELECT count(*) FROM node")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_node_older_than_all_others_is_refused_and_a_newer_one_is_not()
    {
        await Database.Joined("one", Database.Options with { Protocol = 2 });
        await Database.Joined("two", Database.Options with { Protocol = 3 });
        var old = Database.Node(Database.Options with { Protocol = 1 });
        (await Should.ThrowAsync<ClusterRefusedException>(async () => await old.Join(Id("old"), "old:7000", default))).Message
            .ShouldBe("The nodes of the cluster speak version 2 or later, this node speaks 1: update Verb on this machine.");
        await Database.Joined("three", Database.Options with { Protocol = 2 });
    }

    [Theory]
    [InlineData(60, "ahead of")]
    [InlineData(-60, "behind")]
    public async Task A_clock_far_off_is_refused_with_the_figure(int seconds, string direction)
    {
        var node = Database.Node(clock: new ShiftedClock(TimeSpan.FromSeconds(seconds)));
        var refused = await Should.ThrowAsync<ClusterRefusedException>(async () => await node.Join(Id("one"), "one:7000", default));
        refused.Message.ShouldMatch($@"^This machine's clock is (5\d|60)\.\d s {direction} the database's; at most 5 s is allowed: synchronize both\.$");
        (await Database.Value("SELECT count(*) FROM meta WHERE key = 'cluster'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_clock_a_little_off_is_taken() =>
        (await Database.Node(clock: new ShiftedClock(TimeSpan.FromSeconds(3))).Join(Id("one"), "one:7000", default)).ShouldBe(1);

    [Fact]
    public async Task A_read_only_database_fails_in_one_line()
    {
        await Database.Execute($"ALTER DATABASE {new Npgsql.NpgsqlConnectionStringBuilder(Database.ConnectionString).Database} SET default_transaction_read_only = on");
        var failure = await Should.ThrowAsync<StorageException>(async () => await Database.Joined("one"));
        failure.Fault.ShouldBe(StorageFault.ReadOnly);
        failure.Message.ShouldContain("is read-only");
        failure.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Names_of_any_length_and_any_characters_are_kept_apart()
    {
        string[] names = [new('n', 64), new string('n', 63) + "m", "böse/'\"\\ 名", "a", "a/1", "~"];
        foreach (var name in names)
            await Database.Joined(name);
        var (judge, _) = await Database.Joined("judge");
        var nodes = (await judge.Renew(default))!.Nodes;
        nodes.Select(node => node.Id.Value).ShouldBe([.. names, "judge"], ignoreOrder: true);
        foreach (var node in nodes.Where(node => node.Id != Id("judge")))
            (await judge.Judge(node.Id, node.Incarnation, default)).ShouldBeFalse(node.Id.Value);
        await Database.Expire(names[0]);
        (await judge.Judge(Id(names[0]), nodes.Single(node => node.Id == Id(names[0])).Incarnation, default)).ShouldBeTrue();
        await Database.Until(string.Create(CultureInfo.InvariantCulture,
            $"SELECT count(*) = {names.Length} FROM pg_stat_activity WHERE application_name LIKE 'verb/%' AND datname = current_database()"));
    }

    [Fact]
    public async Task A_database_that_is_not_there_fails_in_one_line_without_the_password()
    {
        var node = new PostgresDirectory(Database.Options with { ConnectionString = "Host=127.0.0.1;Port=1;Username=verb;Password=geheim;Database=hub" }, TimeProvider.System);
        var failure = await Should.ThrowAsync<StorageException>(async () => await node.Join(new NodeId("one"), "one:7000", default));
        failure.Message.ShouldStartWith("The database 'hub' on 127.0.0.1:1 cannot be reached");
        failure.Message.ShouldNotContain("geheim");
        failure.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_database_that_hangs_does_not_hang_the_node()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var node = new PostgresDirectory(
            Database.Options with
            {
                ConnectionString = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=verb;Database=hub",
                CommandTimeout = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System);
        var joining = node.Join(new NodeId("one"), "one:7000", default).AsTask();
        (await Should.ThrowAsync<StorageException>(async () => await joining.WaitAsync(TimeSpan.FromSeconds(20)))).Message.ShouldContain("does not answer");
    }

    private sealed class ShiftedClock(TimeSpan offset) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
    }
}
