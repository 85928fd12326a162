using Verb.ClusterTests.Nodes;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Verb.TestKit.Hosting;
using Verb.TestKit.Nodes;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class ClusterPresenceTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_crash_those_of_the_dead_node_have_left_within_five_seconds_and_a_user_on_three_nodes_stays(bool ownerDies)
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        var (dying, living, other) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);
        var room = (await cluster.RoomsOfAsync(ownerDies ? dying : living, 1)).Single();
        await using var everywhere = await Member.JoinAsync(dying, room);
        await using var second = await Member.JoinAsync(living, room, everywhere.Session);
        await using var third = await Member.JoinAsync(other, room, everywhere.Session);
        await using var gone = await Member.JoinAsync(dying, room);
        await using var stays = await Member.JoinAsync(living, room);
        await using var watcher = await Member.JoinAsync(other, room);
        foreach (var node in cluster.Nodes)
            await Eventually.Be(() => MembersAsync(node), members => members.SetEquals([everywhere.User, gone.User, stays.User, watcher.User]), Deadline);
        third.User.ShouldBe(everywhere.User);

        await dying.KillAsync();
        // A new owner knows who is there, and not who was lost with the old one: it tells the count.
        var told = await watcher.Client.ExpectAsync(ownerDies ? "room_presence" : "user_left").WaitAsync(Deadline);
        told.Number("userCount").ShouldBe(3);
        if (!ownerDies)
            told.GetProperty("user").Text("id").ShouldBe(gone.User);
        foreach (var node in new[] { living, other })
            await Eventually.Be(() => MembersAsync(node), members => members.SetEquals([everywhere.User, stays.User, watcher.User]), Deadline);

        await second.Client.DisposeAsync();
        await third.Client.DisposeAsync();
        (await watcher.Client.ExpectAsync("user_left")).GetProperty("user").Text("id").ShouldBe(everywhere.User);

        async Task<HashSet<string>> MembersAsync(ClusterNode node) => (await RoomTruths.StateAsync(node, room)).Members;
    }

    private sealed record Member(SocketClient Client, string User, string Session) : IAsyncDisposable
    {
        public static async Task<Member> JoinAsync(ClusterNode node, string room, string? session = null)
        {
            var client = await node.ConnectAsync(session);
            var connected = await client.ExpectAsync("connected");
            (await client.AskAsync($$"""{"type":"join_room","roomId":"{{room}}"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
            return new Member(client, connected.Text("clientId"), connected.Text("session"));
        }

        public ValueTask DisposeAsync() => Client.DisposeAsync();
    }
}
