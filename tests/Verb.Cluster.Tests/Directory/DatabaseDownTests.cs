using Verb.Actors.Durability;
using Verb.Actors.Sharding;
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
    public async Task Nodes_outlive_a_restart_of_the_database_and_judge_nobody_right_afterwards()
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

        await _server.Stop();
        await Should.ThrowAsync<StorageException>(async () => await one.Leave(default));
        (await one.Renew(default)).ShouldBeNull("It left all the same.");
    }
}
