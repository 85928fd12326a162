using System.Net.Sockets;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Acceptance;

/// <summary>A server with fewer file descriptors than its clients take.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DescriptorTests : IDisposable
{
    private const int Limit = 420;
    private const int Clients = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly ServerSurroundings Few = new() { Through = ["prlimit", $"--nofile={Limit}:{Limit}"] };

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_says_at_its_start_that_there_are_too_few()
    {
        await using var server = await ServerProcess.StartAsync(_folder, Few, "--Verb:Limits:Connections=1000");
        var warning = await Told(server, "[1901]");
        warning.ShouldContain("warn");
        warning.ShouldContain($"{Limit} files");
        warning.ShouldContain("Verb:Limits:Connections = 1000");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(0)] // Unlimited promises nothing.
    public async Task Where_there_are_enough_it_says_nothing(int connections)
    {
        await using var server = await ServerProcess.StartAsync(_folder, Few, $"--Verb:Limits:Connections={connections}");
        await Told(server, "Application started");
        server.Output.ToString().ShouldNotContain("[1901]");
    }

    [Fact]
    public async Task Out_of_them_it_says_so_once_serves_who_is_in_and_comes_back()
    {
        await using var server = await ServerProcess.StartAsync(_folder, Few);
        await using var member = await server.ConnectAsync();
        await member.AskAsync("""{"type":"join_room","roomId":"hall"}""");

        var crowd = await Crowd(server);
        await Told(server, "[1902]");
        ProcessUsage.Handles(server.Id).ShouldBeLessThan(Limit - 20); // The runtime needs some; without any it ends the process.
        var said = await member.AskAsync("""{"type":"chat","roomId":"hall","message":"still here"}""");
        said.GetProperty("success").GetBoolean().ShouldBeTrue();

        foreach (var client in crowd)
            client.Dispose();
        await using var next = await Eventually.Be(() => server.ConnectAsync(), _ => true);
        await next.ExpectAsync("connected");
        server.Output.ToString().Split("[1902]").Length.ShouldBe(2);
    }

    private static Task<string> Told(ServerProcess server, string what) =>
        server.Output.Line(line => line.Contains(what, StringComparison.Ordinal)).WaitAsync(Patience);

    /// <summary>Connections that say nothing; the system takes them for the server.</summary>
    private static async Task<List<Socket>> Crowd(ServerProcess server)
    {
        var crowd = new List<Socket>();
        for (var i = 0; i < Clients; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            crowd.Add(client);
            await client.ConnectAsync(server.Address.Host, server.Address.Port);
        }

        return crowd;
    }
}
