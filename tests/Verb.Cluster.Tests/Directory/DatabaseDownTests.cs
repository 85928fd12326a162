using System.Net;
using System.Net.Sockets;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Cluster.Directory;
using Verb.Postgres.Testing;

namespace Verb.Cluster.Tests.Directory;

/// <summary>A server of its own, because it goes down.</summary>
public sealed class DatabaseDownTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private DirectoryDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.Start("fsync=off");
        _database = await DirectoryDatabase.Create(_server);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_outlive_a_restart_of_the_database_and_nobody_is_judged_right_afterwards()
    {
        var settling = _database.Options with { Settling = TimeSpan.FromMinutes(30) };
        var (one, first) = await _database.Joined("one");
        var (two, second) = await _database.Joined("two", settling);
        await one.Claim([new ShardRow(0, null, 0)], default);
        await _server.Kill();
        var failure = await Should.ThrowAsync<StorageException>(async () => await one.Renew(default));
        failure.Message.ShouldStartWith("The database 'verb_");
        failure.Message.ShouldNotContain("\n");
        await Should.ThrowAsync<StorageException>(async () => await one.Claim([new ShardRow(1, null, 0)], default));
        await _server.Restart("fsync=off");

        // Nobody holds a lock: without the wait the first one back would judge all others.
        await using var fresh = _database.Node(settling);
        await fresh.Join(new NodeId("fresh"), "fresh:7000", default);
        (await fresh.Judge(new NodeId("one"), first, default)).ShouldBeFalse();
        (await fresh.Judge(new NodeId("two"), second, default)).ShouldBeFalse();
        (await two.Renew(default)).ShouldNotBeNull();
        (await one.Renew(default))!.Shards[0].ShouldBe(new ShardRow(0, new NodeId("one"), 1));
        (await one.Judge(new NodeId("two"), second, default)).ShouldBeFalse();

        await two.DisposeAsync();
        await _database.Ended($"verb/two/{second}");
        (await fresh.Judge(new NodeId("two"), second, default)).ShouldBeFalse();
        (await one.Judge(new NodeId("two"), second, default)).ShouldBeTrue("It waits for nothing.");
    }

    [Fact]
    public async Task Leaving_while_the_database_is_down_fails_and_leaves_all_the_same()
    {
        var (one, _) = await _database.Joined("one");
        await _server.Stop();
        await Should.ThrowAsync<StorageException>(async () => await one.Leave(default));
        (await one.Renew(default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_database_that_is_not_there_fails_in_one_line_without_the_password()
    {
        var node = new PostgresDirectory(_database.Options with { ConnectionString = "Host=127.0.0.1;Port=1;Username=verb;Password=geheim;Database=hub" }, TimeProvider.System);
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
            _database.Options with
            {
                ConnectionString = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=verb;Database=hub",
                CommandTimeout = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System);
        var joining = node.Join(new NodeId("one"), "one:7000", default).AsTask();
        (await Should.ThrowAsync<StorageException>(async () => await joining.WaitAsync(TimeSpan.FromSeconds(20)))).Message.ShouldContain("does not answer");
    }
}
