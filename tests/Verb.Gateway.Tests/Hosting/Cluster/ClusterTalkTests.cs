using System.Net;
using System.Text;
using System.Text.Json;
using Verb.Gateway.Tests.Auth;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting.Cluster;

/// <summary>Clients of two nodes find one hub.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterTalkTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_chat_reaches_members_on_both_nodes_in_one_order_whichever_owns_the_room(int owner)
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        var room = cluster.RoomOf(owner);
        await using var ann = await Joined(cluster, 0, "ann", room);
        await using var ben = await Joined(cluster, 1, "ben", room);
        (await ann.ExpectAsync("user_joined")).GetProperty("userCount").GetInt32().ShouldBe(2);
        await using var here = await Joined(cluster, 0, "here", room);
        await using var there = await Joined(cluster, 1, "there", room);

        for (var i = 1; i <= 10; i++)
            (await Chat(i % 2 == 0 ? ann : ben, room, $"m{i}")).GetProperty("seq").GetInt64().ShouldBe(i);
        foreach (var listener in new[] { here, there })
        {
            for (var i = 1; i <= 10; i++)
            {
                var heard = await listener.ExpectAsync("chat");
                (heard.GetProperty("seq").GetInt64(), heard.GetProperty("message").GetString()).ShouldBe((i, $"m{i}"));
            }
        }

        await ben.CloseAsync();
        (await here.ExpectAsync("user_left")).GetProperty("userCount").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_private_message_finds_its_target_on_another_node()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        await using var ann = await Connected(cluster, 0, "ann");
        await using var ben = await Connected(cluster, 1, "ben");
        foreach (var (from, to, target) in new[] { (ann, ben, "ben"), (ben, ann, "ann") })
        {
            var reply = await from.AskAsync($$"""{"type":"private_message","targetUserId":"{{target}}","message":"psst"}""");
            Data(reply).GetProperty("status").GetString().ShouldBe("delivered");
            (await to.ExpectAsync("private_message")).GetProperty("message").GetString().ShouldBe("psst");
        }
    }

    [Fact]
    public async Task A_topic_is_published_and_listed_and_heard_on_every_node()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        string[] topics = [.. Enumerable.Range(0, 8).Select(i => $"topic-{i}")];
        await using var ann = await Connected(cluster, 0, "ann");
        foreach (var topic in topics)
            Data(await ann.AskAsync($$"""{"type":"subscribe","topic":"{{topic}}"}"""));
        foreach (var topic in topics)
            (await cluster.PostAsync(1, $"/api/topics/{topic}", "7")).GetProperty("success").GetBoolean().ShouldBeTrue();
        var heard = new HashSet<string?>();
        while (heard.Count < topics.Length)
            heard.Add((await ann.ExpectAsync("data")).GetProperty("topic").GetString());
        heard.ShouldBe(topics, ignoreOrder: true);

        await using var ben = await Connected(cluster, 1, "ben");
        Data(await ben.AskAsync($$"""{"type":"subscribe","topic":"{{topics[0]}}"}"""));
        (await ben.ExpectAsync("data")).GetProperty("data").GetInt32().ShouldBe(7);
        await ClusterHosts.Until(async () =>
            Data(await ben.AskAsync("""{"type":"get_topics"}""")).GetProperty("topics").GetArrayLength() == topics.Length);
    }

    [Fact]
    public async Task The_http_api_answers_alike_on_every_node()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        for (var owner = 0; owner < 2; owner++)
        {
            var room = cluster.RoomOf(owner);
            for (var host = 0; host < 2; host++)
            {
                var posted = await cluster.PostAsync(host, $"/api/rooms/{room}/messages", $$"""{"message":"from {{host}}"}""");
                Data(posted).GetProperty("seq").GetInt64().ShouldBe(host + 1);
            }

            await using var ann = await Joined(cluster, owner, "ann", room);
            for (var host = 0; host < 2; host++)
            {
                var page = Data(await cluster.GetAsync(host, $"/api/rooms/{room}/messages"));
                page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("message").GetString()).ShouldBe(["from 0", "from 1"]);
                Data(await cluster.GetAsync(host, $"/api/rooms/{room}/members")).GetProperty("members")[0].GetProperty("id").GetString().ShouldBe("ann");
                Data(await cluster.PostAsync(host, "/api/notify/ann", """{"title":"hello"}""")).GetProperty("status").GetString().ShouldBe("delivered");
                (await ann.ExpectAsync("notification")).GetProperty("title").GetString().ShouldBe("hello");
            }
        }
    }

    [Fact]
    public async Task A_broadcast_reaches_the_clients_of_all_nodes()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 3);
        var clients = new List<SocketClient>();
        for (var host = 0; host < 3; host++)
            clients.Add(await Connected(cluster, host, $"u{host}"));
        await cluster.PostAsync(1, "/api/broadcast", """{"text":"to all"}""");
        foreach (var client in clients)
        {
            (await client.ExpectAsync("broadcast")).GetProperty("text").GetString().ShouldBe("to all");
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_admin_kicks_a_user_and_closes_a_room_of_another_node()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        await using var admin = await Connected(cluster, 0, "root", "admin");
        var room = cluster.RoomOf(1);
        await using var ben = await Joined(cluster, 1, "ben", room);
        Data(await admin.AskAsync($$"""{"type":"admin_command","command":"close_room","roomId":"{{room}}"}"""));
        (await ben.ExpectAsync("left_room")).GetProperty("roomId").GetString().ShouldBe(room);
        Data(await admin.AskAsync("""{"type":"admin_command","command":"kick","userId":"ben"}"""));
        (await ben.ExpectCloseAsync()).Code.ShouldBe((ushort)4004);
        var stats = Data(await admin.AskAsync("""{"type":"admin_command","command":"stats"}"""));
        stats.GetProperty("nodes").EnumerateArray().Select(node => node.GetString()).ShouldBe(["n1", "n2"]);
    }

    [Fact]
    public async Task A_file_uploaded_on_one_node_is_served_by_another_also_once_the_first_is_gone()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        await using var ann = await Connected(cluster, 1, "ann");
        var content = Encoding.UTF8.GetBytes("what the file holds");
        await ann.SendAsync((byte[])[1, .. content]);
        var url = (await ann.ExpectAsync("file_uploaded")).GetProperty("url").GetString()!;
        (await Read()).ShouldBe(content);
        await cluster[1].StopAsync();
        (await Read()).ShouldBe(content);

        async Task<byte[]> Read()
        {
            using var http = cluster.Http(0);
            return await http.GetByteArrayAsync(new Uri(url, UriKind.Relative));
        }
    }

    [Fact]
    public async Task A_session_begun_on_one_node_goes_on_at_another()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        await using var first = await cluster[0].ConnectAsync();
        var connected = await first.ExpectAsync("connected");
        connected.GetProperty("node").GetString().ShouldBe("n1");
        await using var second = await cluster[1].ConnectAsync("/ws?session=" + connected.GetProperty("session").GetString());
        var resumed = await second.ExpectAsync("connected");
        resumed.GetProperty("node").GetString().ShouldBe("n2");
        resumed.GetProperty("clientId").GetString().ShouldBe(connected.GetProperty("clientId").GetString());
    }

    [Fact]
    public async Task A_user_counts_once_and_has_one_limit_over_all_nodes()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 2);
        var room = cluster.RoomOf(0);
        await using var one = await Joined(cluster, 0, "ann", room);
        await using var other = await Joined(cluster, 1, "ann", room);
        for (var host = 0; host < 2; host++)
            Data(await cluster.GetAsync(host, $"/api/rooms/{room}")).GetProperty("userCount").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Status_and_metrics_of_each_node_know_the_cluster()
    {
        await using var cluster = await ClusterHosts.StartAsync(postgres.Server, 3);
        var shards = 0;
        for (var host = 0; host < 3; host++)
        {
            var status = await cluster.GetAsync(host, "/api/status");
            status.GetProperty("node").GetString().ShouldBe($"n{host + 1}");
            status.GetProperty("nodes").EnumerateArray().Select(node => node.GetString()).ShouldBe(["n1", "n2", "n3"]);
            status.GetProperty("links").GetInt32().ShouldBe(2);
            status.GetProperty("shards").GetInt32().ShouldBeInRange(40, 130);
            shards += status.GetProperty("shards").GetInt32();
            using var http = cluster.Http(host);
            var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            metrics.ShouldContain("\nverb_cluster_nodes 3\n");
            metrics.ShouldContain("\nverb_cluster_links 2\n");
            metrics.ShouldContain($"\nverb_cluster_shards {status.GetProperty("shards").GetInt32()}\n");
            Value(metrics, "verb_cluster_link_messages_total{direction=\"in\"}").ShouldBeGreaterThan(0);
            Value(metrics, "verb_cluster_link_size_bytes_total{direction=\"out\"}").ShouldBeGreaterThan(0);
            Value(metrics, "verb_cluster_lease_age_seconds").ShouldBeInRange(0, 3);
            (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        shards.ShouldBe(256);
    }

    private static double Value(string metrics, string series) => double.Parse(
        metrics.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal)).Split(' ')[1],
        System.Globalization.CultureInfo.InvariantCulture);

    private static JsonElement Data(JsonElement reply)
    {
        reply.GetProperty("success").GetBoolean().ShouldBeTrue(reply.ToString());
        return reply.GetProperty("data");
    }

    private static async Task<JsonElement> Chat(SocketClient client, string room, string text) =>
        Data(await client.AskAsync($$"""{"type":"chat","roomId":"{{room}}","message":"{{text}}"}"""));

    private static async Task<SocketClient> Connected(ClusterHosts cluster, int host, string user, string role = "user")
    {
        var token = TestTokens.Hs256(new { sub = user, role });
        var client = await cluster[host].ConnectAsync("/ws?token=" + token);
        await client.ExpectAsync("connected");
        return client;
    }

    private static async Task<SocketClient> Joined(ClusterHosts cluster, int host, string user, string room)
    {
        var client = await Connected(cluster, host, user);
        Data(await client.AskAsync($$"""{"type":"join_room","roomId":"{{room}}"}"""));
        return client;
    }
}
