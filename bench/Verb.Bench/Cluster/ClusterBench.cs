using System.Diagnostics;
using Verb.Actors.Sharding;
using Verb.Bench.FanOut;
using Verb.Contracts;
using Verb.Postgres.Testing;

namespace Verb.Bench.Cluster;

/// <summary>Two nodes on PostgreSQL beside one node alone, all in processes of their own: latency, commands, cost of a delivery, takeover.</summary>
internal static class ClusterBench
{
    private const int Messages = 5000;
    private const int Members = 1000;
    private const int Depth = 8;
    private const int Rounds = 7;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    public static async Task<int> Run()
    {
        await using var postgres = await PostgresServer.Start();
        var database = await postgres.CreateDatabase();
        using (var alone = await BenchNode.Start("alone", null))
        {
            var (p50, p99) = await Latency(alone.Port, alone.Port, "latency");
            Console.WriteLine($"one node: publish to delivery p50 {p50:0.000} ms, p99 {p99:0.000} ms");

            using var first = await BenchNode.Start("node-1", database);
            using var second = await BenchNode.Start("node-2", database);
            await Task.WhenAll(first.UntilShards(Share(first)), second.UntilShards(Share(second)));
            foreach (var owner in new[] { first, second })
            {
                var (clustered50, clustered99) = await Latency(first.Port, second.Port, RoomOf(owner.Name, "latency"));
                Console.WriteLine(
                    $"published on node-1, owned by {owner.Name}, delivered on node-2: p50 {clustered50:0.000} ms ({clustered50 / p50:0.00} times), p99 {clustered99:0.000} ms");
            }

            await PerDelivery(alone, first, second);
            Console.WriteLine($"node-1 to rooms of node-2: {await Commands(first.Port, "node-2") / 1000:0} k commands a second");
        }

        await Takeover(await postgres.CreateDatabase(), node => node.Kill(), "kill -9");
        await Takeover(await postgres.CreateDatabase(), node => node.Freeze(), "SIGSTOP");
        return 0;

        int Share(BenchNode node) => Enumerable.Range(0, Shards.Count).Count(shard => Placement.Of(shard, [new("node-1"), new("node-2")])!.Value.Value == node.Name);
    }

    /// <summary>One message at a time, from one socket to another.</summary>
    private static async Task<(double P50, double P99)> Latency(int from, int to, string room)
    {
        using var publisher = await Member.Join(from, room, echo: false);
        using var reader = await Member.Join(to, room, echo: true);
        await Settled(publisher, reader);
        var times = new List<double>(Messages);
        for (var i = 0; i < Messages; i++)
        {
            var started = Stopwatch.GetTimestamp();
            reader.Expect(1);
            publisher.Send(Crowd.Chat(room));
            while (!reader.HasAll)
                reader.Take();
            publisher.Take();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        return (times[times.Count / 2], times[times.Count * 99 / 100]);
    }

    /// <summary>
    /// Bursts to a room whose members are on one node, and to rooms whose members are spread evenly over two: in turns, so that what else
    /// the machine does falls on all of them.
    /// </summary>
    private static async Task PerDelivery(BenchNode alone, BenchNode first, BenchNode second)
    {
        using var one = await Crowd.Gather("one node", [alone], "spread", Members);
        using var here = await Crowd.Gather("two nodes, room owned by the publisher's", [first, second], RoomOf(first.Name, "spread"), Members);
        using var there = await Crowd.Gather("two nodes, room owned by the other", [first, second], RoomOf(second.Name, "spread"), Members);
        Crowd[] crowds = [one, here, there];
        foreach (var crowd in crowds)
        {
            await Settled(crowd.Members);
            crowd.Bursts(Depth, Measured); // Warms up.
        }

        var figures = crowds.ToDictionary(crowd => crowd, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var crowd in crowds)
                figures[crowd].Add(crowd.Bursts(Depth, TimeSpan.FromSeconds(1)));
        }

        foreach (var crowd in crowds)
        {
            var ratios = figures[crowd].Zip(figures[one], (cost, beside) => cost / beside).Order().ToArray();
            var costs = figures[crowd].Order().ToArray();
            Console.WriteLine(
                $"{crowd.Name}: {costs[Rounds / 2]:0.00} µs of server CPU a delivery ({costs[0]:0.00} to {costs[^1]:0.00}), "
                + $"{ratios[Rounds / 2]:0.00} times one node ({ratios[0]:0.00} to {ratios[^1]:0.00}), {Members} members");
        }
    }

    /// <summary>Publishers on one node, their rooms owned by another; every command is answered.</summary>
    private static async Task<double> Commands(int port, string owner)
    {
        const int Publishers = 16;
        const int Burst = 64;
        var publishers = new List<(Member Member, string Room)>();
        for (var i = 0; i < Publishers; i++)
        {
            var room = RoomOf(owner, $"commands-{i}");
            publishers.Add((await Member.Join(port, room, echo: false), room));
        }

        await Settled([.. publishers.Select(p => p.Member)]);
        var answered = 0L;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Measured)
        {
            foreach (var (member, room) in publishers)
            {
                if (member.HasAll)
                {
                    member.Expect(Burst);
                    member.Send(Crowd.Chat(room, id: "1"), Burst);
                    answered += Burst;
                }

                member.Take();
            }
        }

        publishers.ForEach(p => p.Member.Dispose());
        return answered / clock.Elapsed.TotalSeconds;
    }

    private static async Task Takeover(string database, Action<BenchNode> end, string how)
    {
        using var first = await BenchNode.Start("node-1", database);
        using var second = await BenchNode.Start("node-2", database);
        await second.UntilShards(Enumerable.Range(0, Shards.Count).Count(shard => Placement.Of(shard, [new("node-1"), new("node-2")])!.Value.Value == "node-2"));
        var clock = Stopwatch.StartNew();
        end(first);
        await second.UntilShards(Shards.Count);
        Console.WriteLine($"all shards of a node taken over {clock.Elapsed.TotalMilliseconds:0} ms after {how}");
    }

    private static string RoomOf(string owner, string name)
    {
        NodeId[] nodes = [new("node-1"), new("node-2")];
        return Enumerable.Range(0, int.MaxValue).Select(i => $"{name}-{i}").First(room => Placement.Of(Shards.Of(new RoomId(room)), nodes)!.Value.Value == owner);
    }

    /// <summary>Until the answers to the joins are in: nothing has come for half a second.</summary>
    private static async Task Settled(params Member[] members)
    {
        var last = -1L;
        while (true)
        {
            foreach (var member in members)
                member.Take();
            var now = members.Sum(member => member.Frames);
            if (now == last)
                return;
            last = now;
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }
}
