using Verb.ClusterTests.Nodes;
using Verb.Server.Testing.Load;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class MembershipTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [Fact]
    public async Task Nodes_that_join_under_load_take_their_part_and_nobody_notices()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output, new ServerClusterOptions { Nodes = 1 });
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine);
        await load.AcknowledgedAsync(500);
        await cluster.AddAsync(2);
        await cluster.SettledAsync();
        await load.AcknowledgedAsync(500);
        await load.ShouldHaveKeptEveryPromiseAsync();
        load.Tally.Refusals.ShouldBeEmpty();
        load.Tally.Closes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rolling_restart_of_all_nodes_under_load_fails_no_message_and_tells_every_client_1001()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output, new ServerClusterOptions { Settings = ["--Verb:Drain:Grace=1s"] });
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine);
        foreach (var node in cluster.Nodes)
        {
            await load.AcknowledgedAsync(500);
            (await node.StopAsync()).ShouldBe(0);
            (await cluster.OwnersAsync()).ShouldNotContain(node.Name);
            await load.AcknowledgedAsync(500);
            await node.StartAsync();
        }

        await load.AcknowledgedAsync(500);
        await load.ShouldHaveKeptEveryPromiseAsync();
        load.Tally.Refusals.ShouldBeEmpty();
        load.Tally.Closes.Keys.ShouldBe([1001]);
    }
}
