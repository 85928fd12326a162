using System.Globalization;
using System.Net;
using Verb.Contracts;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class CapacityTests : IDisposable
{
    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_node_says_so_and_closes_with_1013_until_someone_leaves()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Limits:Connections=2");
        var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        await second.ExpectAsync("connected");

        await using var third = await server.ConnectAsync();
        var error = await third.ExpectAsync("error");
        error.GetProperty("code").GetString().ShouldBe("OVERLOADED");
        error.GetProperty("retryAfter").GetInt64().ShouldBePositive();
        (await third.ExpectCloseAsync()).ShouldBe(CloseReason.AtCapacity);
        (await server.StatusAsync()).GetProperty("rejected").GetInt64().ShouldBe(1);

        first.Cut();
        await Eventually.Be(() => FirstEvent(server), type => type == "connected");
    }

    [Fact]
    public async Task One_connection_more_than_a_user_may_have_is_closed_with_4003()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Limits:ConnectionsPerUser=2");
        await using var first = await server.ConnectAsync();
        var session = (await first.ExpectAsync("connected")).GetProperty("session").GetString();
        await using var second = await server.ConnectAsync(query: $"?session={session}");
        await second.ExpectAsync("connected");
        var reading = Task.WhenAll(KeepReading(first), KeepReading(second));

        await using var third = await server.ConnectAsync(query: $"?session={session}");
        (await third.ExpectCloseAsync()).ShouldBe(CloseReason.TooManyConnections);
        reading.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_that_is_silent_makes_room_for_a_new_one_of_its_user()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Limits:ConnectionsPerUser=1");
        await using var silent = await server.ConnectAsync(new SocketClientOptions { AnswersPings = false });
        var session = (await silent.ExpectAsync("connected")).GetProperty("session").GetString();
        await using var second = await server.ConnectAsync(query: $"?session={session}");
        await second.ExpectAsync("connected");
        (await silent.ExpectCloseAsync()).Code.ShouldBe((ushort)1006);
    }

    [Fact]
    public async Task One_connection_more_than_an_address_may_have_is_refused_with_503()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Limits:ConnectionsPerAddress=1");
        var first = await server.ConnectAsync();
        await ShouldRefuse(server);

        first.Cut();
        await Eventually.Be(() => FirstEvent(server), type => type == "connected");
    }

    [Fact]
    public async Task More_handshakes_a_second_than_allowed_are_refused_with_503()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Limits:HandshakesPerSecond=1");
        await using var first = await server.ConnectAsync();
        await ShouldRefuse(server);
    }

    [Fact]
    public async Task A_flood_of_refused_commands_is_closed_with_1008()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Limits:RefusedCommands=10");
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 20; i++)
            await client.SendAsync("nonsense");
        (await client.ExpectAsync("error")).GetProperty("code").GetString().ShouldBe("INVALID_JSON");
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.Flood);
    }

    /// <summary>What a new connection hears first; null where its handshake is refused.</summary>
    private static async Task<string?> FirstEvent(ServerProcess server)
    {
        try
        {
            await using var client = await server.ConnectAsync();
            return (await client.ExpectAsync(_ => true, "an event")).GetProperty("type").GetString();
        }
        catch (HandshakeRefusedException)
        {
            return null;
        }
    }

    private static async Task KeepReading(SocketClient client)
    {
        while ((await client.ReceiveAsync()).Kind != SocketMessageKind.End)
        {
            // Reading answers the hub's pings.
        }
    }

    private static async Task ShouldRefuse(ServerProcess server)
    {
        var refusal = await Should.ThrowAsync<HandshakeRefusedException>(() => server.ConnectAsync());
        refusal.Status.ShouldBe((int)HttpStatusCode.ServiceUnavailable);
        int.Parse(refusal.Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBePositive();
    }
}
