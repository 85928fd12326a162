using System.Net;
using Verb.Postgres.Testing;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Acceptance;

/// <summary>Where a server listens that is told ports.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PortTests : IDisposable
{
    private readonly ServerFolder _folder = new();
    private readonly int _port = FreePort.Next();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_listens_at_the_ports_of_its_arguments()
    {
        var other = FreePort.Next();
        await using var server = await ServerProcess.StartAsync(_folder, new ServerSurroundings { SayWhereToListen = true }, $"--http_ports={_port};{other}");
        await ShouldAnswer(_port);
        await ShouldAnswer(other);
    }

    [Theory]
    [InlineData("ASPNETCORE_HTTP_PORTS")]
    [InlineData("DOTNET_HTTP_PORTS")]
    [InlineData("HTTP_PORTS")]
    public async Task It_listens_at_the_ports_of_its_environment_and_its_health_check_finds_it(string variable)
    {
        var surroundings = Environment((variable, $"{_port}"));
        await using var server = await ServerProcess.StartAsync(_folder, surroundings);
        await ShouldAnswer(_port);
        await using var check = ServerProcess.Check(_folder, surroundings);
        (await check.ExitAsync()).ShouldBe(0, $"{check.Errors}");
    }

    [Fact]
    public async Task An_argument_holds_over_the_environment_whichever_of_the_two_names_ports()
    {
        var other = FreePort.Next();
        await using (await ServerProcess.StartAsync(_folder, Environment(("ASPNETCORE_URLS", $"http://127.0.0.1:{other}")), $"--http_ports={_port}"))
            await ShouldAnswer(_port);
        await using (await ServerProcess.StartAsync(_folder, Environment(("ASPNETCORE_HTTP_PORTS", $"{other}")), $"--urls=http://127.0.0.1:{_port}"))
            await ShouldAnswer(_port);
    }

    [Fact]
    public async Task With_a_certificate_it_listens_at_ports_for_https()
    {
        var (certificate, key) = Certificates.Create(_folder.Root);
        await using var server = await ServerProcess.StartAsync(
            _folder, new ServerSurroundings { SayWhereToListen = true }, $"--https_ports={_port}",
            $"--Kestrel:Certificates:Default:Path={certificate}", $"--Kestrel:Certificates:Default:KeyPath={key}");
        server.Address.Scheme.ShouldBe("https");
        server.Address.Port.ShouldBe(_port);
    }

    private static ServerSurroundings Environment(params (string Name, string Value)[] variables) =>
        new() { SayWhereToListen = true, Environment = variables.ToDictionary(pair => pair.Name, pair => pair.Value) };

    private static async Task ShouldAnswer(int port)
    {
        using var http = new HttpClient();
        (await http.GetAsync(new Uri($"http://127.0.0.1:{port}/health"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
