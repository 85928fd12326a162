using System.Diagnostics;
using System.Globalization;
using Verb.ClusterTests.Nodes;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Verb.Server.Testing.Processes;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class ComingBackTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int Rooms = 20;
    private const int HallShares = 4;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly int HandshakesPerSecond = Scale.Pick(50, 250);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_clients_of_a_killed_node_come_back_no_faster_than_nodes_take_them_and_miss_nothing_and_those_who_stayed_hear_no_more_than_is_so(bool nodeComesBack)
    {
        var clients = Scale.Pick(200, nodeComesBack ? 2_000 : 5_000);
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output, new ServerClusterOptions
        {
            Settings = [$"--Verb:Limits:HandshakesPerSecond={HandshakesPerSecond}"],
        });
        var random = new Random(1);
        var first = cluster.Nodes[0];
        var others = cluster.Nodes.Skip(1).ToList();
        var isDown = false;
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine, new LoadOptions
        {
            Rooms = [.. Enumerable.Range(0, Rooms).Select(i => i < HallShares ? "hall" : string.Create(CultureInfo.InvariantCulture, $"room-{i}"))],
            Publishers = 1,
            Listeners = (clients / Rooms) - 1,
            Rest = TimeSpan.FromMilliseconds(500),
            WaitsWhenRefused = true,
            LongestPause = TimeSpan.FromSeconds(2),
            Patience = TimeSpan.FromSeconds(20),
        }, _ => Volatile.Read(ref isDown) ? Another() : first);
        foreach (var node in others)
            load.AddFaithful(node, publishes: false);
        await load.AllAreInAsync();
        await load.AllCountRightAsync();
        await load.AcknowledgedAsync(50);
        var admitted = load.Tally.Admissions.Count;
        var turnedAway = load.Tally.TurnedAway;
        var disturbances = cluster.Disturbances;

        var killed = Stopwatch.GetTimestamp();
        Volatile.Write(ref isDown, true);
        await first.KillAsync();
        if (nodeComesBack)
            await first.StartAsync();
        await load.AllAreInAsync();
        await load.AcknowledgedAsync(50);
        await load.AllCountRightAsync();

        var back = load.Tally.ComeBacks.DistinctBy(client => client.User).ToList();
        turnedAway = load.Tally.TurnedAway - turnedAway;
        output.WriteLine($"{ComeBackFigures.Of(back, killed)}; {turnedAway} turned away; peak memory in MiB: "
            + string.Join(", ", others.Select(node => ProcessUsage.PeakResidentKib(node.Process) / 1024)));
        back.Count.ShouldBe(clients);
        back.ShouldAllBe(client => client.Recovered);
        turnedAway.ShouldBePositive();
        foreach (var node in load.Tally.Admissions.Skip(admitted).GroupBy(admission => admission.Node))
            HandshakePace.ShouldHaveKept([.. node], killed, HandshakesPerSecond);
        if (cluster.Disturbances == disturbances)
            load.NeedlessPresence(killed, Grace).ShouldBeEmpty();
        else
            output.WriteLine("The machine was too busy to judge what was told of presence: a node that lives was lost from sight.");
        await load.ShouldHaveKeptEveryPromiseAsync(nodeComesBack ? [.. cluster.Nodes] : [.. others]);

        ClusterNode Another()
        {
            lock (random)
                return nodeComesBack ? cluster.Nodes[random.Next(cluster.Nodes.Count)] : others[random.Next(others.Count)];
        }
    }
}
