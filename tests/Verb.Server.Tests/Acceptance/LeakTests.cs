using System.Diagnostics;
using System.Globalization;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;
using Xunit.Abstractions;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class LeakTests(ITestOutputHelper output)
{
    private const int Connections = 2_000;
    private const int Lanes = 50;

    /// <summary>The thread pool's and the runtime's own comings and goings.</summary>
    private const int Slack = 20;

    private static readonly int Rounds = Scale.Pick(3, 10);

    [Fact]
    public async Task Two_thousand_connections_opened_and_closed_again_and_again_leave_nothing_behind()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder, "--Verb:Limits:ConnectionsPerUser=0", "--Verb:Rooms:0:Match=*", "--Verb:Rooms:0:LeaveGrace=0");
        var actors = await server.MetricAsync("verb_actors_alive");
        await Round(server); // What is made once and kept is made here.
        var handles = await Settled(server);
        for (var round = 1; round <= Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await Round(server);
            var after = await Settled(server);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: {watch.Elapsed.TotalSeconds:F1} s, {after} handles, {ProcessUsage.Threads(server.Id)} threads, {ProcessUsage.ResidentKib(server.Id) / 1024} MiB"));
            after.ShouldBeLessThanOrEqualTo(handles + Slack);
        }

        if (Scale.IsFull) // Users and rooms stay a minute for whoever comes back; in less time the hub's own clock is needed for that.
            output.WriteLine($"{await Forgotten(server, actors)} actors at last");
        (await server.StatusAsync()).GetProperty("accepted").GetInt64().ShouldBe((Rounds + 1L) * Connections);
        ProcessUsage.Threads(server.Id).ShouldBeLessThan(100);
    }

    /// <summary>All of them open at once; a third leaves with a close frame, a third without, a third is cut.</summary>
    private static async Task Round(ServerProcess server)
    {
        var lanes = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => Open(server, lane))));
        (await server.StatusAsync()).GetProperty("connections").GetInt32().ShouldBe(Connections);
        await Task.WhenAll(lanes.Select(lane => Task.Run(() => Leave(lane))));
    }

    private static async Task<List<SocketClient>> Open(ServerProcess server, int lane)
    {
        var clients = new List<SocketClient>();
        for (var i = 0; i < Connections / Lanes; i++)
        {
            var client = await server.ConnectAsync();
            (await client.AskAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"join_room","roomId":"lane-{{lane}}"}"""))).GetProperty("success").GetBoolean().ShouldBeTrue();
            clients.Add(client);
        }

        return clients;
    }

    private static async Task Leave(List<SocketClient> clients)
    {
        for (var i = 0; i < clients.Count; i++)
        {
            switch (i % 3)
            {
                case 0:
                    await clients[i].CloseAsync();
                    (await clients[i].ExpectCloseAsync()).Code.ShouldBe((ushort)1000);
                    await clients[i].DisposeAsync();
                    break;
                case 1:
                    await clients[i].DisposeAsync();
                    break;
                default:
                    clients[i].Cut();
                    break;
            }
        }
    }

    /// <summary>How many actors live once every idle one has gone.</summary>
    private static async Task<double> Forgotten(ServerProcess server, double before) =>
        await Eventually.Be(() => server.MetricAsync("verb_actors_alive"), actors => actors <= before, TimeSpan.FromMinutes(3));

    /// <summary>How many handles are open once every connection has gone.</summary>
    private static async Task<int> Settled(ServerProcess server)
    {
        await Eventually.Be(server.StatusAsync, status => status.GetProperty("connections").GetInt32() == 0);
        return await Eventually.Be(() => Task.FromResult(ProcessUsage.Handles(server.Id)), handles => handles < 1_000);
    }
}
