using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;
using Xunit.Abstractions;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Rooms = 20;
    private const int HallShares = 4;

    private static readonly int Clients = Scale.Pick(200, 2_000);
    private static readonly int HandshakesPerSecond = Scale.Pick(80, 250);

    [Fact]
    public async Task Who_connects_while_the_server_has_no_time_waits_in_the_queue_of_the_system_as_long_as_that_may_be()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var most = int.Parse(await File.ReadAllTextAsync("/proc/sys/net/core/somaxconn"), CultureInfo.InvariantCulture);
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder);
        var waiting = new List<Socket>();
        server.Send(Signal.Stop);
        try
        {
            // One that finds the queue full knocks again after 1, 3, 7, … seconds.
            while (waiting.Count < Math.Min(1_500, most))
            {
                waiting.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                await waiting[^1].ConnectAsync(IPAddress.Loopback, server.Address.Port).WaitAsync(TimeSpan.FromSeconds(30));
            }
        }
        finally
        {
            server.Send(Signal.Continue);
            waiting.ForEach(socket => socket.Dispose());
        }

        await using var client = await server.ConnectAsync();
        await client.ExpectAsync("connected");
    }

    [Fact]
    public async Task A_crowd_whose_node_was_killed_comes_back_no_faster_than_the_node_takes_it_and_misses_nothing()
    {
        await using var server = new LoneServer(
            "--Verb:Rooms:0:Match=*", "--Verb:Rooms:0:History=1000000", "--Verb:Limits:CommandsPerSecond=0",
            $"--Verb:Limits:HandshakesPerSecond={HandshakesPerSecond}");
        await server.StartAsync();
        await using var load = await RoomLoad.StartAsync(server, output.WriteLine, new LoadOptions
        {
            Rooms = [.. Enumerable.Range(0, Rooms).Select(i => i < HallShares ? "hall" : string.Create(CultureInfo.InvariantCulture, $"room-{i}"))],
            Publishers = 1,
            Listeners = (Clients / Rooms) - 1,
            Rest = TimeSpan.FromMilliseconds(500),
            WaitsWhenRefused = true,
            LongestPause = TimeSpan.FromSeconds(2),
            Patience = TimeSpan.FromSeconds(20),
        }, _ => server);
        await load.AcknowledgedAsync(50);
        var admitted = load.Tally.Admissions.Count;
        var turnedAway = load.Tally.TurnedAway;

        var killed = Stopwatch.GetTimestamp();
        await server.KillAsync();
        await server.StartAsync();
        await load.AllAreInAsync();
        await load.AcknowledgedAsync(50);
        await load.AllCountRightAsync();

        var back = load.Tally.ComeBacks;
        turnedAway = load.Tally.TurnedAway - turnedAway;
        output.WriteLine($"{ComeBackFigures.Of(back, killed)}; {turnedAway} turned away; peak memory {ProcessUsage.PeakResidentKib(server.Life.Id) / 1024} MiB");
        back.Count.ShouldBe(Clients);
        back.ShouldAllBe(client => client.Recovered);
        turnedAway.ShouldBePositive();
        HandshakePace.ShouldHaveKept([.. load.Tally.Admissions.Skip(admitted)], killed, HandshakesPerSecond);
        await load.ShouldHaveKeptEveryPromiseAsync();
    }
}
