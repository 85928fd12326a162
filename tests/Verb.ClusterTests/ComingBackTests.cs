using System.Diagnostics;
using System.Globalization;
using Verb.ClusterTests.Load;
using Verb.ClusterTests.Nodes;
using Verb.Server.Testing;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class ComingBackTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int Rooms = 20;

    private static readonly int Clients = Scale.Pick(200, 5_000);
    private static readonly int HandshakesPerSecond = Scale.Pick(50, 250);

    [Fact]
    public async Task The_clients_of_a_killed_node_come_back_to_the_others_no_faster_than_they_take_them_and_miss_nothing()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output, new ServerClusterOptions
        {
            Settings = [$"--Verb:Limits:HandshakesPerSecond={HandshakesPerSecond}"],
        });
        var random = new Random(1);
        var first = cluster.Nodes[0];
        var others = cluster.Nodes.Skip(1).ToList();
        var isDown = false;
        await using var load = await RoomLoad.StartAsync(cluster, output, new LoadOptions
        {
            Rooms = [.. Enumerable.Range(0, Rooms).Select(i => string.Create(CultureInfo.InvariantCulture, $"room-{i}"))],
            Publishers = 1,
            Listeners = (Clients / Rooms) - 1,
            Rest = TimeSpan.FromMilliseconds(500),
            WaitsWhenRefused = true,
            Patience = TimeSpan.FromSeconds(20),
        }, _ => Volatile.Read(ref isDown) ? Another() : first);
        await load.AcknowledgedAsync(50);
        var admitted = load.Tally.Admissions.Count;
        var turnedAway = load.Tally.TurnedAway;

        var killed = Stopwatch.GetTimestamp();
        Volatile.Write(ref isDown, true);
        await first.KillAsync();
        await load.AllAreInAsync();
        var back = Stopwatch.GetElapsedTime(killed);
        await load.AcknowledgedAsync(50);
        await load.ShouldHaveKeptEveryPromiseAsync([.. others]);

        var returns = load.Tally.Admissions.Skip(admitted).ToList();
        returns.Count.ShouldBe(Clients);
        (load.Tally.TurnedAway - turnedAway).ShouldBePositive();
        foreach (var node in returns.GroupBy(admission => admission.Node))
            ShouldFollowTheRate([.. node.Select(admission => Stopwatch.GetElapsedTime(killed, admission.At))]);
        output.WriteLine($"{Clients} clients came back in {back.TotalSeconds:F1} s to two nodes that take {HandshakesPerSecond} a second each");

        ClusterNode Another()
        {
            lock (random)
                return others[random.Next(others.Count)];
        }
    }

    /// <summary>A node takes the handshakes of a second at once, and from then on so many a second.</summary>
    private static void ShouldFollowTheRate(List<TimeSpan> admissions)
    {
        for (var i = 0; i < admissions.Count; i++)
            (i + 1).ShouldBeLessThanOrEqualTo((int)Math.Ceiling(HandshakesPerSecond * (1 + admissions[i].TotalSeconds)));
    }
}
