using Verb.ClusterTests.Nodes;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class FrozenNodeTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private static readonly int Rounds = Scale.Pick(1, 5);

    [Fact]
    public async Task An_owner_that_wakes_up_after_others_took_over_promises_and_tells_nothing_that_is_not_in_history()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        for (var round = 0; round < Rounds; round++)
        {
            var owner = cluster.Nodes[round % cluster.Nodes.Count];
            var rooms = await cluster.RoomsOfAsync(owner, 4, $"round-{round}");
            await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine, new LoadOptions { Rooms = rooms });
            foreach (var room in rooms)
            {
                load.AddFaithful(room, owner, publishes: true);
                load.AddFaithful(room, owner, publishes: false);
            }

            await load.AcknowledgedAsync(500);
            owner.Freeze();
            await Eventually.Be(cluster.OwnersAsync, owners => !owners.Contains(owner.Name));
            await load.AcknowledgedAsync(500);
            owner.Thaw();
            await load.AcknowledgedAsync(500);
            await load.ShouldHaveKeptEveryPromiseAsync();
            await cluster.SettledAsync();
        }
    }
}
