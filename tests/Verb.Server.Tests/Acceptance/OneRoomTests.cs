using System.Diagnostics;
using System.Globalization;
using Verb.Contracts;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;
using Verb.Server.Tests.Clients;
using Verb.TestKit.Hosting;
using Xunit.Abstractions;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class OneRoomTests(ITestOutputHelper output)
{
    private const string Join = """{"type":"join_room","roomId":"hall"}""";
    private const int Publishers = 10;
    private const int Stalled = 10;

    private const int Members = 1_000;

    private static readonly int Messages = Scale.Pick(20, 200);

    /// <summary>All messages together are more than the send buffer and the kernel's take, and those who read may be far behind.</summary>
    private static readonly string Filling = new('x', Scale.Pick(8_000, 2_000));

    [Fact]
    public async Task A_thousand_members_receive_every_message_in_one_order_while_ten_read_nothing()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder,
            "--Verb:Limits:CommandsPerSecond=0", "--Verb:Rooms:0:Match=*", "--Verb:Rooms:0:Presence=false");
        var watch = Stopwatch.StartNew();
        var listeners = await Connect(server, Members - Stalled, new SocketClientOptions());
        var stalled = await Connect(server, Stalled, new SocketClientOptions { ReceiveBufferBytes = 4096 });
        var publishers = await Connect(server, Publishers, new SocketClientOptions());
        output.WriteLine($"{Members} members joined after {watch.Elapsed.TotalSeconds:F1} s");

        watch.Restart();
        var reading = listeners.Select(listener => Task.Run(() => listener.ReadTo(Publishers * Messages))).ToList();
        var publishing = publishers.Select((publisher, index) => Task.Run(() => Publish(publisher.Client, index))).ToList();
        var closing = Task.Run(() => StalledOnesAreClosed(server, stalled));
        var acknowledged = (await Task.WhenAll(publishing)).SelectMany(seqs => seqs).Order().ToList();
        await Task.WhenAll(reading);
        var seconds = watch.Elapsed.TotalSeconds;

        var everything = Enumerable.Range(1, Publishers * Messages).Select(seq => (long)seq).ToList();
        acknowledged.ShouldBe(everything);
        foreach (var listener in listeners)
            listener.Seqs.SequenceEqual(everything).ShouldBeTrue();
        output.WriteLine($"{everything.Count * listeners.Count} deliveries in {seconds:F1} s: {everything.Count * listeners.Count / seconds:F0} a second");

        await closing;
        (await server.StatusAsync()).GetProperty("connections").GetInt32().ShouldBe(Members - Stalled + Publishers);
        foreach (var member in listeners.Concat(publishers).Concat(stalled))
            await member.Client.DisposeAsync();
    }

    /// <summary>Reads what each was sent before the hub gave it up: up to its close, for which the hub waits a while.</summary>
    private static async Task StalledOnesAreClosed(ServerProcess server, List<RoomListener> stalled)
    {
        await Eventually.Be(() => server.MetricAsync("verb_connections_too_slow_total"), count => count == Stalled, TimeSpan.FromMinutes(2));
        foreach (var listener in stalled)
            (await listener.Client.ExpectCloseAsync()).ShouldBe(CloseReason.TooSlow);
    }

    private static async Task<List<RoomListener>> Connect(ServerProcess server, int count, SocketClientOptions options)
    {
        var members = new List<RoomListener>();
        for (var i = 0; i < count; i++)
        {
            var client = await server.ConnectAsync(options);
            (await client.AskAsync(Join)).GetProperty("success").GetBoolean().ShouldBeTrue();
            members.Add(new RoomListener(client));
        }

        return members;
    }

    private static async Task<List<long>> Publish(SocketClient client, int publisher)
    {
        var seqs = new List<long>();
        for (var i = 0; i < Messages; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"p{publisher}-{i}");
            var reply = await client.AskAsync($$"""{"type":"chat","roomId":"hall","messageId":"{{id}}","message":"{{Filling}}"}""");
            reply.GetProperty("success").GetBoolean().ShouldBeTrue(reply.ToString());
            seqs.Add(reply.GetProperty("data").GetProperty("seq").GetInt64());
        }

        return seqs;
    }
}
