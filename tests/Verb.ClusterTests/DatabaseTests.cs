using Verb.ClusterTests.Nodes;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class DatabaseTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private static readonly int Rounds = Scale.Pick(2, 6);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_lost_when_PostgreSQL_is_killed_or_restarted_under_load(bool killed)
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine);
        for (var round = 0; round < Rounds; round++)
        {
            await load.AcknowledgedAsync(500);
            await (killed ? postgres.KillAsync() : postgres.RestartAsync());
        }

        await load.AcknowledgedAsync(500);
        await load.ShouldHaveKeptEveryPromiseAsync();
    }

    [Fact]
    public async Task A_node_killed_while_PostgreSQL_is_down_is_taken_over_when_it_is_back()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine);
        await load.AcknowledgedAsync(500);
        await postgres.Server.Kill();
        await cluster.Nodes[0].KillAsync();
        await postgres.StartAgainAsync();
        await load.AcknowledgedAsync(500);
        await Eventually.Be(cluster.OwnersAsync, owners => !owners.Contains(cluster.Nodes[0].Name));
        await load.ShouldHaveKeptEveryPromiseAsync(cluster.Nodes[1], cluster.Nodes[2]);
    }
}
