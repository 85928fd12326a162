using System.Diagnostics;
using System.Globalization;
using Verb.Server.Testing;
using Verb.Server.Testing.Clients;
using Verb.Server.Testing.Processes;
using Verb.Server.Tests.Clients;
using Verb.TestKit.Hosting;
using Xunit.Abstractions;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Publishers = 20;
    private const string WholeHistory = "--Verb:Rooms:0:History=1000000";

    private static readonly int Kills = Scale.Pick(3, 10);
    private static readonly int MessagesEach = Scale.Pick(60, 500);

    [Fact]
    public async Task Killed_while_twenty_publish_no_acknowledged_message_is_missing_none_stands_twice_and_no_seq_is_skipped()
    {
        using var folder = new ServerFolder();
        var turns = new ServerTurns();
        var count = new Milestones();
        var publishers = Enumerable.Range(0, Publishers)
            .Select(i => new RetryingPublisher(string.Create(CultureInfo.InvariantCulture, $"p{i}"), "ledger", turns, count.Add)).ToList();
        var server = await Start(folder, "--urls=http://127.0.0.1:0");
        var urls = server.Urls;
        turns.Begin(0, server);
        var publishing = publishers.Select(publisher => Task.Run(() => publisher.Publish(MessagesEach))).ToList();
        var down = new List<double>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            await count.Reached(Publishers * MessagesEach * kill / (Kills + 1)).WaitAsync(TimeSpan.FromMinutes(2));
            await server.KillAsync();
            await server.DisposeAsync();
            var watch = Stopwatch.StartNew();
            server = await Start(folder, urls);
            down.Add(watch.Elapsed.TotalSeconds);
            turns.Begin(kill, server);
        }

        await Task.WhenAll(publishing).WaitAsync(TimeSpan.FromMinutes(5));
        await using var reader = await server.ConnectAsync();
        var history = await reader.ReadHistoryAsync("ledger");
        await server.DisposeAsync();

        var acknowledged = publishers.SelectMany(publisher => publisher.Acknowledgements).OrderBy(message => message.Seq).ToList();
        acknowledged.Count.ShouldBe(Publishers * MessagesEach);
        history.ShouldBe(acknowledged);
        history.Select(message => message.Seq).ShouldBe(Enumerable.Range(1, Publishers * MessagesEach).Select(seq => (long)seq));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{history.Count} messages over {Kills} kills, {publishers.Sum(publisher => publisher.Retries)} sent again, started again in {down.Average():F2} s each"));
    }

    [Fact]
    public async Task After_a_kill_clients_keep_their_id_their_inbox_their_sent_messages_and_what_they_missed()
    {
        using var folder = new ServerFolder();
        await using var first = await Start(folder, "--urls=http://127.0.0.1:0");
        await using var alice = await first.ConnectAsync();
        var asAlice = await alice.ExpectAsync("connected");
        await using var bob = await first.ConnectAsync();
        var asBob = await bob.ExpectAsync("connected");
        var bobsId = asBob.GetProperty("clientId").GetString()!;
        await alice.AskAsync("""{"type":"join_room","roomId":"lobby"}""");
        var position = (await bob.AskAsync("""{"type":"join_room","roomId":"lobby"}""")).GetProperty("data");
        bob.Cut();
        const string Chat = """{"type":"chat","roomId":"lobby","messageId":"m1","message":"missed"}""";
        var sent = (await alice.AskAsync(Chat)).GetProperty("data");
        await alice.AskAsync($$"""{"type":"private_message","targetUserId":"{{bobsId}}","messageId":"p1","message":"for bob"}""");

        await first.KillAsync();
        await using var second = await Start(folder, first.Urls);
        await using var bobAgain = await second.ConnectAsync(query: "?session=" + asBob.GetProperty("session").GetString());
        (await bobAgain.ExpectAsync("connected")).GetProperty("clientId").GetString().ShouldBe(bobsId);
        (await bobAgain.ExpectAsync("private_message")).GetProperty("message").GetString().ShouldBe("for bob");
        var epoch = position.GetProperty("epoch").GetString();
        var joined = await bobAgain.AskAsync($$$"""{"type":"join_room","roomId":"lobby","since":{"epoch":"{{{epoch}}}","seq":0}}""");
        joined.GetProperty("data").GetProperty("recovered").GetBoolean().ShouldBeTrue();
        var missed = await bobAgain.ExpectAsync("message_history");
        missed.GetProperty("recovered").GetBoolean().ShouldBeTrue();
        missed.GetProperty("messages")[0].GetProperty("message").GetString().ShouldBe("missed");
        missed.GetProperty("messages").GetArrayLength().ShouldBe(1);

        await using var aliceAgain = await second.ConnectAsync(query: "?session=" + asAlice.GetProperty("session").GetString());
        await aliceAgain.AskAsync("""{"type":"join_room","roomId":"lobby"}""");
        var again = (await aliceAgain.AskAsync(Chat)).GetProperty("data");
        again.GetProperty("seq").GetInt64().ShouldBe(sent.GetProperty("seq").GetInt64());
        again.GetProperty("epoch").GetString().ShouldBe(epoch);
        (await bobAgain.AskAsync("""{"type":"inbox_ack","seq":1}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    private static Task<ServerProcess> Start(ServerFolder folder, string urls) =>
        ServerProcess.StartAsync(folder, urls, "--Verb:Rooms:0:Match=*", WholeHistory, "--Verb:Limits:CommandsPerSecond=0");
}
