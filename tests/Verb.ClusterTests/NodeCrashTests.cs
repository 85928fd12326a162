using System.Diagnostics;
using System.Globalization;
using Verb.ClusterTests.Nodes;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class NodeCrashTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private static readonly int Kills = Scale.Pick(4, 10);
    private static readonly int MessagesEach = Scale.Pick(400, 5_000);

    [Fact]
    public async Task Killed_one_after_the_other_under_load_the_nodes_lose_nothing()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        var options = new LoadOptions
        {
            Rooms = [.. Enumerable.Range(0, 10).Select(i => string.Create(CultureInfo.InvariantCulture, $"room-{i}"))],
            MessagesEach = MessagesEach,
        };
        var all = options.Rooms.Count * options.Publishers * MessagesEach;
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        var watch = Stopwatch.StartNew();
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine, options);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await load.PublishedAsync(all / (Kills + 1) * kill);
            var victim = cluster.Nodes[random.Next(cluster.Nodes.Count)];
            await victim.KillAsync();
            await victim.StartAsync();
        }

        await load.PublishedAsync(all);
        output.WriteLine($"{Kills} kills in {watch.Elapsed.TotalSeconds:F0} s");
        await load.ShouldHaveKeptEveryPromiseAsync();
        load.Tally.Acknowledged.ShouldBe(all);
        load.Tally.Refusals.Keys.ShouldNotContain("TIMEOUT"); // What a dead node was asked, the next owner answers.
    }

    [Fact]
    public async Task The_two_left_go_on_after_one_was_killed_and_the_last_one_after_two()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine);
        await load.AcknowledgedAsync(300);
        await cluster.Nodes[0].KillAsync();
        await load.AcknowledgedAsync(300);
        await cluster.Nodes[1].KillAsync();
        await load.AcknowledgedAsync(300);
        await load.ShouldHaveKeptEveryPromiseAsync(cluster.Nodes[2]);
        load.Tally.Refusals.Keys.ShouldNotContain("TIMEOUT");
    }
}
