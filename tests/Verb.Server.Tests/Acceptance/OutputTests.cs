using System.Net;
using Verb.Postgres.Testing;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Acceptance;

/// <summary>What becomes of the hub where its log cannot be written.</summary>
[Collection(ProcessCollection.Name)]
public sealed class OutputTests : IDisposable
{
    /// <summary>More than a pipe holds, and the queue, several times over.</summary>
    private const int Requests = 2_000;

    private readonly ServerFolder _folder = new();
    private readonly int _port = FreePort.Next();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("DropWrite")]
    [InlineData("Wait")] // Not for a hub.
    public async Task A_log_that_nobody_reads_stops_nothing_and_tells_how_many_lines_were_dropped(string mode)
    {
        await using var server = Launch(new ServerSurroundings { ReadsOutput = false }, $"--Logging:Console:QueueFullMode={mode}");
        using var http = await Answering();
        for (var i = 0; i < Requests; i++)
            (await http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var client = await SocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{_port}/ws"));
        (await client.AskAsync("""{"type":"join_room","roomId":"hall"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();

        server.ReadOutput();
        await Eventually.Be(
            async () =>
            {
                (await http.GetAsync("/health")).Dispose(); // The number stands before the next line that is taken.
                return server.Errors.ToString();
            },
            errors => errors.Contains("dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_reads_nothing_does_not_keep_the_server_from_ending()
    {
        await using var server = Launch(new ServerSurroundings { ReadsOutput = false });
        using var http = await Answering();
        for (var i = 0; i < Requests; i++)
            (await http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Send(Signal.Terminate);
        (await server.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_log_on_a_full_disk_stops_nothing()
    {
        await using var server = Launch(new ServerSurroundings { Through = ["/bin/sh", "-c", "exec \"$@\" >/dev/full 2>&1", "sh"] });
        using var http = await Answering();
        await using (var client = await SocketClient.ConnectAsync(new Uri($"ws://127.0.0.1:{_port}/ws")))
            (await client.AskAsync("""{"type":"join_room","roomId":"hall"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        server.Send(Signal.Terminate);
        (await server.ExitAsync()).ShouldBe(0);
    }

    private ServerProcess Launch(ServerSurroundings surroundings, params string[] settings) => ServerProcess.Launch(
        _folder, surroundings,
        [$"--urls=http://127.0.0.1:{_port}", "--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:Microsoft.AspNetCore=Debug", "--Logging:Console:MaxQueueLength=10",
            .. settings]);

    /// <summary>A client of the server, which cannot say that it listens.</summary>
    private async Task<HttpClient> Answering()
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        await Eventually.Be(() => Answers(http), answers => answers);
        return http;
    }

    private static async Task<bool> Answers(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
