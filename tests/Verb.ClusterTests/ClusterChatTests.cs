using Verb.ClusterTests.Nodes;
using Verb.Server.Testing.Load;
using Verb.TestKit.Hosting;
using Verb.TestKit.Nodes;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class ClusterChatTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [Fact]
    public async Task Members_on_three_nodes_hear_everything_in_one_order()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine);
        await load.AcknowledgedAsync(2_000);
        await load.ShouldHaveKeptEveryPromiseAsync();
        load.Tally.Refusals.ShouldBeEmpty();
        load.Tally.Closes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Private_messages_topics_and_announcements_reach_every_node()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        var nodes = cluster.Nodes;
        await using var alice = await nodes[0].ConnectAsync();
        await alice.ExpectAsync("connected");
        await using var bob = await nodes[1].ConnectAsync();
        var bobsId = (await bob.ExpectAsync("connected")).Text("clientId");
        await using var carol = await nodes[2].ConnectAsync();
        await carol.ExpectAsync("connected");

        var sent = await alice.AskAsync($$"""{"type":"private_message","targetUserId":"{{bobsId}}","message":"hello"}""");
        sent.GetProperty("data").Text("status").ShouldBe("delivered");
        (await bob.ExpectAsync("private_message")).Text("message").ShouldBe("hello");

        foreach (var client in new[] { alice, bob, carol })
            (await client.AskAsync("""{"type":"subscribe","topic":"weather"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        using (var published = await nodes[2].SendAsync(HttpMethod.Post, "/api/topics/weather", """{"rain":1}"""))
            published.IsSuccessStatusCode.ShouldBeTrue();
        foreach (var client in new[] { alice, bob, carol })
            (await client.ExpectAsync("data")).GetProperty("data").Number("rain").ShouldBe(1);

        using (var notified = await nodes[0].SendAsync(HttpMethod.Post, $"/api/notify/{bobsId}", """{"text":"for bob"}"""))
            notified.IsSuccessStatusCode.ShouldBeTrue();
        (await bob.ExpectAsync("notification")).Text("text").ShouldBe("for bob");

        using (var told = await nodes[1].SendAsync(HttpMethod.Post, "/api/broadcast", """{"text":"for all"}"""))
            told.IsSuccessStatusCode.ShouldBeTrue();
        foreach (var client in new[] { alice, bob, carol })
            (await client.ExpectAsync("broadcast")).Text("text").ShouldBe("for all");
    }
}
