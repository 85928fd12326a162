using System.Diagnostics;
using Verb.Bench.FanOut;

namespace Verb.Bench.Cluster;

/// <summary>The members of a room, on one node or spread evenly over several; the first of them publishes.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly IReadOnlyList<BenchNode> _nodes;
    private readonly string _message;

    private Crowd(string name, IReadOnlyList<BenchNode> nodes, string message, Member[] members)
    {
        (Name, Members) = (name, members);
        (_nodes, _message) = (nodes, message);
    }

    public string Name { get; }

    public Member[] Members { get; }

    public static async Task<Crowd> Gather(string name, IReadOnlyList<BenchNode> nodes, string room, int count)
    {
        var members = new Member[count];
        for (var i = 0; i < count; i++)
            members[i] = await Member.Join(nodes[i % nodes.Count].Port, room);
        return new Crowd(name, nodes, Chat(room), members);
    }

    public static string Chat(string room, string? id = null) =>
        $$"""{"type":"chat",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"roomId":"{{room}}","message":"{{new string('x', 100)}}"}""";

    /// <summary>Publishes bursts, each when everyone has the one before it.</summary>
    /// <returns>What a delivery cost the servers: microseconds of CPU.</returns>
    public double Bursts(int depth, TimeSpan time)
    {
        var waiting = new List<Member>(Members.Length);
        var before = _nodes.Sum(node => node.Cpu.TotalMicroseconds);
        var deliveries = 0L;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time; deliveries += Members.Length * depth)
        {
            foreach (var member in Members)
                member.Expect(depth);
            waiting.AddRange(Members);
            for (Members[0].Send(_message, depth); waiting.Count > 0; waiting.RemoveAll(member => member.HasAll))
                waiting.ForEach(member => member.Take());
        }

        return (_nodes.Sum(node => node.Cpu.TotalMicroseconds) - before) / deliveries;
    }

    public void Dispose()
    {
        foreach (var member in Members)
            member.Dispose();
    }
}
