using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Verb.Bench.FanOut;

/// <summary>
/// One room over real sockets: the hub beside a plain System.Net.WebSockets server, each in a process of its own, in turns. A broadcast is
/// in flight until every member has it.
/// </summary>
internal static class FanOutBench
{
    private static readonly string[] Servers = ["hub", "hub, durable", "plain"];
    private static readonly int[] Depths = [1, 8, 32];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);

    public static async Task<int> Run(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var members = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1000;
        var figures = new Dictionary<(string Server, int Depth), List<(double Rate, double PerCpu)>>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var depth in Depths)
            {
                foreach (var server in Servers)
                {
                    var figure = await Measure(server, depth, members);
                    if (!figures.TryGetValue((server, depth), out var list))
                        figures[(server, depth)] = list = [];
                    list.Add(figure);
                    Console.Error.WriteLine($"round {round + 1}: {server}, {depth} in flight: {figure.Rate / 1000:0} k deliveries/s, {figure.PerCpu / 1000:0} k per CPU-second");
                }
            }
        }

        Console.WriteLine($"Thousand deliveries a second | per server CPU-second; medians of {rounds} rounds, one room of {members}, 100-byte messages.\n");
        Console.WriteLine($"| in flight | {string.Join(" | ", Servers)} | hub / plain |\n| --- | --- | --- | --- | --- |");
        foreach (var depth in Depths)
        {
            var cells = Servers.Select(server => Medians(figures[(server, depth)])).ToArray();
            Console.WriteLine($"| {depth} | {string.Join(" | ", cells.Select(c => $"{c.Rate / 1000:0} \\| {c.PerCpu / 1000:0}"))} | {cells[0].Rate / cells[2].Rate:0.00} \\| {cells[0].PerCpu / cells[2].PerCpu:0.00} |");
        }

        return 0;
    }

    private static (double Rate, double PerCpu) Medians(List<(double Rate, double PerCpu)> figures) =>
        (figures.Select(f => f.Rate).Order().ElementAt(figures.Count / 2), figures.Select(f => f.PerCpu).Order().ElementAt(figures.Count / 2));

    private static async Task<(double Rate, double PerCpu)> Measure(string server, int depth, int count)
    {
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("verb-bench");
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", server, $"http://127.0.0.1:{port}", folder.FullName]))!;
        var members = new List<Member>();
        try
        {
            await Listening(port);
            for (var i = 0; i < count; i++)
                members.Add(await Member.Join(port, "bench"));
            Quiet(members);
            return Broadcast(members, depth, process);
        }
        finally
        {
            foreach (var member in members)
                member.Dispose();
            process.Kill();
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// One thread publishes and goes round the sockets that something is still to come on: it costs the same whoever serves, and leaves the
    /// other processor to the server.
    /// </summary>
    private static (double Rate, double PerCpu) Broadcast(List<Member> members, int depth, Process process)
    {
        var message = $$"""{"type":"chat","roomId":"bench","message":"{{new string('x', 100)}}"}""";
        var waiting = new List<Member>(members.Count);
        var clock = Stopwatch.StartNew();
        var started = TimeSpan.Zero;
        var delivered = 0L;
        var cpu = TimeSpan.Zero;
        while (clock.Elapsed < WarmUp + Measured)
        {
            if (started == TimeSpan.Zero && clock.Elapsed >= WarmUp)
            {
                process.Refresh();
                (started, delivered, cpu) = (clock.Elapsed, Total(members), process.TotalProcessorTime);
            }

            if (waiting.Count == 0)
            {
                foreach (var member in members)
                    member.Expect(depth);
                waiting.AddRange(members);
                members[0].Send(message, depth);
            }

            GoRound(waiting);
            waiting.RemoveAll(member => member.HasAll);
        }

        process.Refresh();
        var deliveries = Total(members) - delivered;
        return (deliveries / (clock.Elapsed - started).TotalSeconds, deliveries / (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    private static void GoRound(List<Member> members)
    {
        foreach (var member in members)
            member.Take();
    }

    private static long Total(List<Member> members)
    {
        var total = 0L;
        foreach (var member in members)
            total += member.Frames;
        return total;
    }

    /// <summary>Until the answers to the joins are in: nothing has come for a second.</summary>
    private static void Quiet(List<Member> members)
    {
        var clock = Stopwatch.StartNew();
        for (var last = -1L; clock.Elapsed < TimeSpan.FromSeconds(1);)
        {
            GoRound(members);
            if (Total(members) is var now && now != last)
            {
                last = now;
                clock.Restart();
            }
        }
    }

    private static async Task Listening(int port)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
