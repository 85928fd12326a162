using System.Diagnostics;
using System.Globalization;
using Verb.ClusterTests.Nodes;
using Verb.TestKit.Hosting;
using Verb.TestKit.Nodes;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class TakeoverTests(PostgresFixture postgres, ITestOutputHelper output)
{
    /// <summary>Of a killed one before its lease of 3 s runs out, of a frozen one soon after. How fast it is, the benchmark shows.</summary>
    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 10)]
    public async Task Every_shard_of_a_node_that_was_killed_or_frozen_takes_messages_again_in_time(bool frozen, int seconds)
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        var (victim, survivor) = (cluster.Nodes[0], cluster.Nodes[1]);
        var rooms = await cluster.RoomsOfAsync(victim);
        rooms.Count.ShouldBeGreaterThan(60);
        await using var client = await survivor.ConnectAsync();
        foreach (var room in rooms)
            (await client.AskAsync($$"""{"type":"join_room","roomId":"{{room}}"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        await PublishEverywhere(client, rooms, "before");

        if (frozen)
            victim.Freeze();
        else
            await victim.KillAsync();
        var watch = Stopwatch.StartNew();
        var answered = await PublishEverywhere(client, rooms, "after");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rooms.Count} shards: the first message was acknowledged after {answered[0].TotalMilliseconds:F0} ms, half of them after {answered[rooms.Count / 2].TotalMilliseconds:F0} ms, all after {answered[^1].TotalMilliseconds:F0} ms"));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>One message into each room, sent again for as long as it is refused; when each was acknowledged.</summary>
    private static async Task<List<TimeSpan>> PublishEverywhere(SocketClient client, IReadOnlyList<string> rooms, string messageId)
    {
        var watch = Stopwatch.StartNew();
        foreach (var room in rooms)
            await Publish(client, room, messageId);
        var answered = new List<TimeSpan>();
        while (answered.Count < rooms.Count)
        {
            var reply = await client.ExpectAsync("reply");
            if (reply.GetProperty("success").GetBoolean())
                answered.Add(watch.Elapsed);
            else
                await Publish(client, reply.Text("id"), messageId);
        }

        return answered;
    }

    private static ValueTask Publish(SocketClient client, string room, string messageId) =>
        client.SendAsync($$"""{"type":"chat","id":"{{room}}","roomId":"{{room}}","messageId":"{{messageId}}","message":"?"}""");
}
