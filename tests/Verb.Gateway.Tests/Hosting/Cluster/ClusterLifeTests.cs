using System.Net;
using System.Text.Json;
using Verb.Contracts;
using Verb.Gateway.Hosting;
using Verb.Postgres.Testing;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting.Cluster;

/// <summary>Nodes that drain, stop, come, and lose their database.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterLifeTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_node_told_to_drain_gives_everything_away_closes_its_clients_and_stays_a_node_that_serves_http()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        var room = cluster.RoomOf(1);
        await using var stays = await Joined(cluster, 0, room);
        await using var goes = await Joined(cluster, 1, room);
        await Chat(goes, room, "before");

        (await cluster.PostAsync(1, "/api/drain")).GetProperty("data").GetProperty("draining").GetBoolean().ShouldBeTrue();
        await goes.ExpectAsync("server_shutdown");
        (await goes.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        await ClusterHosts.Until(() => ClusterHosts.Of(cluster[0]).Status.Shards == 256);
        ClusterHosts.Of(cluster[1]).Status.Shards.ShouldBe(0);
        (await Chat(stays, room, "after")).GetProperty("seq").GetInt64().ShouldBe(2);
        var refused = await Should.ThrowAsync<HandshakeRefusedException>(() => cluster[1].ConnectAsync());
        (refused.Status, refused.Headers.ContainsKey("Retry-After")).ShouldBe((503, true));

        (await cluster.PostAsync(1, "/api/drain")).GetProperty("success").GetBoolean().ShouldBeTrue();
        ClusterHosts.Of(cluster[0]).NodeNames.ShouldBe(["n1", "n2"]);
        (await Unready(cluster, 1)).ShouldBe("draining");
        (await Unready(cluster, 0)).ShouldBeNull();
        var posted = await cluster.PostAsync(1, $"/api/rooms/{room}/messages", """{"message":"over the link"}""");
        posted.GetProperty("data").GetProperty("seq").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_node_that_stops_leaves_the_cluster_and_its_rooms_go_on_without_a_gap()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        var room = cluster.RoomOf(1);
        await using var stays = await Joined(cluster, 0, room);
        await Chat(stays, room, "before");
        await cluster[1].StopAsync();

        ClusterHosts.Of(cluster[0]).Status.Shards.ShouldBe(256);
        await ClusterHosts.Until(() => ClusterHosts.Of(cluster[0]).NodeNames.SequenceEqual(["n1"]));
        (await Chat(stays, room, "after")).GetProperty("seq").GetInt64().ShouldBe(2);
        var history = await cluster.GetAsync(0, $"/api/rooms/{room}/messages");
        history.GetProperty("data").GetProperty("messages").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_comes_later_takes_its_share_and_knows_what_was_said()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 1);
        for (var i = 0; i < 20; i++)
            (await cluster.PostAsync(0, $"/api/rooms/room-{i}/messages", $$"""{"message":{{i}}}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        await cluster.AddAsync();
        await cluster.Settle(2);
        for (var i = 0; i < 20; i++)
        {
            var page = (await cluster.GetAsync(i % 2, $"/api/rooms/room-{i}/messages")).GetProperty("data");
            page.GetProperty("messages").EnumerateArray().Single().GetProperty("message").GetInt32().ShouldBe(i);
        }
    }

    [Fact]
    public async Task One_node_leads_and_another_one_once_it_stopped()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 3);
        IVerbNode[] nodes = [ClusterHosts.Of(cluster[0]), ClusterHosts.Of(cluster[1]), ClusterHosts.Of(cluster[2])];
        nodes.Select(node => node.Name).ShouldBe(["n1", "n2", "n3"]);
        var leader = Array.IndexOf(nodes, nodes.Single(node => node.IsLeader));
        await cluster[leader].StopAsync();
        await ClusterHosts.Until(() => nodes.Where((_, at) => at != leader).Count(node => node.IsLeader) == 1);
        nodes[leader].IsLeader.ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_whose_database_is_away_is_not_ready_until_it_is_back()
    {
        await using var server = await PostgresServer.Start("fsync=off");
        await using var cluster = await ClusterHosts.StartAsync(server, 1);
        (await Unready(cluster, 0)).ShouldBeNull();
        await server.Kill();
        await ClusterHosts.Until(async () => await Unready(cluster, 0) == "lease lost");
        await server.Restart("fsync=off");
        await ClusterHosts.Until(async () => await Unready(cluster, 0) is null);
        (await cluster.PostAsync(0, "/api/rooms/lobby/messages", """{"message":"back"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    /// <summary>Why the node is not ready; null where it is.</summary>
    private static async Task<string?> Unready(ClusterHosts cluster, int host)
    {
        using var http = cluster.Http(host);
        using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.OK
            ? null
            : JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("reason").GetString();
    }

    private static async Task<SocketClient> Joined(ClusterHosts cluster, int host, string room)
    {
        var client = await cluster[host].ConnectAsync();
        await client.ExpectAsync("connected");
        (await client.AskAsync($$"""{"type":"join_room","roomId":"{{room}}"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        return client;
    }

    private static async Task<JsonElement> Chat(SocketClient client, string room, string text)
    {
        var reply = await client.AskAsync($$"""{"type":"chat","roomId":"{{room}}","messageId":"{{text}}","message":"{{text}}"}""");
        reply.GetProperty("success").GetBoolean().ShouldBeTrue(reply.ToString());
        return reply.GetProperty("data");
    }
}
