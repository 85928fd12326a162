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
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    public static async Task<int> Run()
    {
        await using var postgres = await PostgresServer.Start();
        var database = await postgres.CreateDatabase();
        using (var alone = await BenchNode.Start("alone", null))
        {
            var (p50, p99) = await Latency(alone.Port, alone.Port, "latency");
            Console.WriteLine($"one node: publish to delivery p50 {p50:0.000} ms, p99 {p99:0.000} ms");
            Console.WriteLine($"one node: {await PerDelivery([alone]):0.00} µs of server CPU a delivery, {Members} members");

            using var first = await BenchNode.Start("node-1", database);
            using var second = await BenchNode.Start("node-2", database);
            await Task.WhenAll(first.UntilShards(Share(first)), second.UntilShards(Share(second)));
            foreach (var owner in new[] { first, second })
            {
                var (clustered50, clustered99) = await Latency(first.Port, second.Port, RoomOf(owner.Name, "latency"));
                Console.WriteLine(
                    $"published on node-1, owned by {owner.Name}, delivered on node-2: p50 {clustered50:0.000} ms ({clustered50 / p50:0.00} times), p99 {clustered99:0.000} ms");
            }

            Console.WriteLine($"two nodes: {await PerDelivery([first, second]):0.00} µs of server CPU a delivery, {Members} members on both");
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
            publisher.Send(Chat(room));
            while (!reader.HasAll)
                reader.Take();
            publisher.Take();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        return (times[times.Count / 2], times[times.Count * 99 / 100]);
    }

    /// <summary>Bursts to a room whose members are spread evenly over the nodes.</summary>
    private static async Task<double> PerDelivery(IReadOnlyList<BenchNode> nodes)
    {
        var room = "spread";
        var members = new List<Member>();
        for (var i = 0; i < Members; i++)
            members.Add(await Member.Join(nodes[i % nodes.Count].Port, room));
        await Settled([.. members]);
        var cpu = nodes.Select(node => node.Cpu).ToArray();
        var deliveries = 0L;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Measured; deliveries += Members * Depth)
        {
            foreach (var member in members)
                member.Expect(Depth);
            members[0].Send(Chat(room), Depth);
            for (var waiting = members.ToList(); waiting.Count > 0; waiting.RemoveAll(member => member.HasAll))
                waiting.ForEach(member => member.Take());
        }

        var used = nodes.Select((node, i) => (node.Cpu - cpu[i]).TotalMicroseconds).Sum();
        members.ForEach(member => member.Dispose());
        return used / deliveries;
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
                    member.Send(Chat(room, id: "1"), Burst);
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

    private static string Chat(string room, string? id = null) =>
        $$"""{"type":"chat",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"roomId":"{{room}}","message":"{{new string('x', 100)}}"}""";

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
