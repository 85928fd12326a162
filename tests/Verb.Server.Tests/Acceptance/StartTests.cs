using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class StartTests : IDisposable
{
    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Verb:Socket:PingIntervall=1s", "Verb:Socket:PingIntervall", "PingInterval")]
    [InlineData("--Verb:Limits:Connections=many", "Verb:Limits:Connections", "many")]
    [InlineData("--Verb:Limits:Connections=-1", "Verb:Limits:Connections", "-1")]
    [InlineData("--Verb:Storage:Kind=oracle", "Verb:Storage:Kind", "sqlite")]
    [InlineData("--Verb:Drain:Grace=soon", "Verb:Drain:Grace", "soon")]
    [InlineData("--Verb:Auth:Mode=required", "Verb:Auth:Mode", "Verb:Auth:Secret")]
    [InlineData("--Verb:Rooms:0:History=-5", "Verb:Rooms:0:History", "-5")]
    [InlineData("--Verb:Auth:PublicKeyFile=no-such-file.pem", "Verb:Auth:PublicKeyFile", "no-such-file.pem")]
    [InlineData("--urls=nonsense", "urls", "nonsense")]
    [InlineData("--urls=http://127.0.0.1:99999", "urls", "99999")]
    [InlineData("--urls=https://127.0.0.1:0", "HTTPS", "certificate")]
    [InlineData("--urls=http://192.0.2.1:4000", "192.0.2.1:4000", "assign")]
    [InlineData("--urls=http://unix:/no/such/folder/verb.sock", "/no/such/folder/verb.sock", "Cannot listen")]
    [InlineData("--urls=http://hub.example.com:3000", "hub.example.com", "IP address, localhost, * or +")]
    [InlineData("--Kestrel:Endpoints:Main:Url=http://hub:3000", "Kestrel:Endpoints:Main:Url", "IP address, localhost, * or +")]
    [InlineData("--Kestrel:Endpoints:Main:Uri=http://*:3000", "Kestrel:Endpoints:Main:Uri", "Kestrel:Endpoints:Main:Url")]
    [InlineData("--Kestrel:Endpoints:Main:Url=https://127.0.0.1:0", "https://127.0.0.1:0", "certificate")]
    [InlineData("--Kestrel:Limits:MaxConcurrentConnections=-1", "Kestrel:Limits:MaxConcurrentConnections", "positive")]
    [InlineData("--Kestrel:Limits:Http2:MaxStreamsPerConnection=0", "Kestrel:Limits:Http2:MaxStreamsPerConnection", "0")]
    [InlineData("--Kestrel:Certificates:Default:Path=no-such.pem", "no-such.pem", "find")]
    [InlineData("--Logging:LogLevel:Default=Loud", "Logging:LogLevel:Default", "Debug")]
    [InlineData("--Logging:Console:MaxQueueLength=0", "Logging:Console:MaxQueueLength", "0")]
    [InlineData("--contentRoot=/no/such/folder", "/no/such/folder", "contentRoot")]
    [InlineData("--http_ports=http", "http_ports", "8080")]
    [InlineData("--http_ports=", "http_ports", "8080")]
    [InlineData("--Kestrel:Endpoints:Main:Url=nonsense", "nonsense", "Url")]
    [InlineData("--urls=", "urls", "http://localhost:3000")]
    public async Task A_wrong_setting_is_refused_with_one_line(string setting, string names, string tells) =>
        await ShouldRefuse([setting], names, tells);

    [Theory]
    [InlineData("stray")]
    [InlineData("-x")]
    [InlineData("-x=1")]
    [InlineData("--Verb:Echo")]
    [InlineData("--verson")]
    public async Task A_stray_argument_is_refused_with_one_line(string argument) => await ShouldRefuse([argument], argument, "--help");

    [Fact]
    public async Task A_mistyped_option_is_refused_with_the_one_that_was_meant()
    {
        await using var server = ServerProcess.Launch(_folder, "--url=http://127.0.0.1:0");
        (await server.ExitAsync()).ShouldBe(2);
        server.Errors.ToString().Trim().ShouldBe("'--url' is not understood: did you mean --urls? --help tells what is understood.");
    }

    [Theory]
    [InlineData("""{"Verb": {"Echo": tr""", "line")]
    [InlineData("""{"Logging": {"LogLev""", "LineNumber")]
    [InlineData("""{"Verb": {"Echo": true, "echo": false}}""", "duplicate")]
    [InlineData("[1, 2]", "object")]
    [InlineData("", "JSON")]
    public async Task A_settings_file_that_cannot_be_read_is_refused_with_one_line_that_names_it(string content, string tells)
    {
        var file = Path.Combine(_folder.Root, "appsettings.json");
        await File.WriteAllTextAsync(file, content);
        await ShouldRefuse([$"--contentRoot={_folder.Root}"], file, tells);
    }

    [Theory]
    [InlineData("missing", "junk")]
    [InlineData("junk", "junk")]
    public async Task A_certificate_that_cannot_be_read_is_refused_with_one_line_that_names_it(string certificate, string key)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "junk"), "junk");
        var path = Path.Combine(_folder.Root, certificate);
        var settings = new[]
        {
            "--Kestrel:Endpoints:Main:Url=https://127.0.0.1:0", $"--Kestrel:Endpoints:Main:Certificate:Path={path}",
            $"--Kestrel:Endpoints:Main:Certificate:KeyPath={Path.Combine(_folder.Root, key)}",
        };
        await ShouldRefuse(settings, path, path);
    }

    [Theory]
    [InlineData("--Kestrel:Limits:MaxConcurrentConnections=-1")]
    [InlineData("--urls=http://192.0.2.1:4000")]
    public async Task At_Debug_the_line_is_followed_by_the_trace(string setting)
    {
        await using var server = ServerProcess.Launch(_folder, setting, "--Logging:LogLevel:Default=Debug");
        (await server.ExitAsync()).ShouldBe(1);
        var lines = server.Errors.ToString().Split('\n');
        lines[0].ShouldContain(setting.Split('=')[1].Replace("http://", "", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_is_not_repeated()
    {
        var printed = await ShouldRefuse(["--Verb:Auth:Secret=too-short"], "Verb:Auth:Secret", "32");
        printed.ShouldNotContain("too-short");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_one_line()
    {
        await File.WriteAllTextAsync(_folder.Database, new string('x', 10_000));
        await ShouldRefuse([], _folder.Database, "database");
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_database_is_refused_with_one_line()
    {
        Directory.CreateDirectory(_folder.Database);
        await ShouldRefuse([], _folder.Database, "database");
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_uploads_is_refused_with_one_line()
    {
        await File.WriteAllTextAsync(_folder.Uploads, "");
        await ShouldRefuse([], _folder.Uploads, "upload");
    }

    [Fact]
    public async Task A_database_that_another_server_has_open_is_refused_with_one_line()
    {
        await using var first = await ServerProcess.StartAsync(_folder);
        await ShouldRefuse(["--Verb:Uploads:Path=other"], _folder.Database, "use");
        await ShouldRefuse(["--Verb:Storage:Path=other.db"], _folder.Uploads, "use");
        (await first.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await ShouldRefuse([$"--urls=http://127.0.0.1:{port}"], $"{port}", "in use");
    }

    [Theory]
    [InlineData("--help", "--urls")]
    [InlineData("-h", "--Verb:Storage:Path")]
    public async Task Help_is_printed_without_a_start(string argument, string tells)
    {
        await using var server = ServerProcess.Launch(_folder, argument);
        (await server.ExitAsync()).ShouldBe(0);
        server.Output.ToString().ShouldContain(tells);
        File.Exists(_folder.Database).ShouldBeFalse();
    }

    [Fact]
    public async Task The_version_is_printed_without_a_start()
    {
        await using var server = ServerProcess.Launch(_folder, "--version");
        (await server.ExitAsync()).ShouldBe(0);
        var version = Assembly.Load("Verb.Server").GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        server.Output.ToString().Trim().ShouldBe(version);
    }

    [Fact]
    public async Task A_health_check_says_whether_the_server_is_ready()
    {
        await using var server = await ServerProcess.StartAsync(_folder, "--Verb:Demo:Addresses=http://127.0.0.1:3001");
        await using var check = ServerProcess.Check(_folder, $"{server.Address}");
        (await check.ExitAsync()).ShouldBe(0, $"{check.Errors}");
        check.Output.ToString().ShouldContain("ready");

        using var page = await server.GetAsync("/demo.json");
        (await page.Content.ReadAsStringAsync()).ShouldBe("""{"addresses":["http://127.0.0.1:3001"]}""");
        using var http = new HttpClient();
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(server.Address, "/demo.json")));
        head.EnsureSuccessStatusCode();
        head.Content.Headers.ContentType.ShouldBe(page.Content.Headers.ContentType);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();

        await server.KillAsync();
        await using var again = ServerProcess.Check(_folder, $"{server.Address}");
        (await again.ExitAsync()).ShouldBe(1);
        again.Errors.ToString().ShouldContain("does not answer");
    }

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    [InlineData("ALL_PROXY")]
    public async Task A_health_check_asks_the_server_whatever_proxy_the_environment_names(string variable)
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        var surroundings = new ServerSurroundings { Environment = new Dictionary<string, string> { [variable] = "http://127.0.0.1:1" } };
        await using var check = ServerProcess.Check(_folder, surroundings, $"{server.Address}");
        (await check.ExitAsync()).ShouldBe(0, $"{check.Errors}");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://127.0.0.1:3000")]
    [InlineData("http://127.0.0.1:3000", "http://127.0.0.1:3001")]
    public async Task A_health_check_of_something_else_is_refused_with_one_line(params string[] addresses)
    {
        await using var check = ServerProcess.Check(_folder, addresses);
        (await check.ExitAsync()).ShouldBe(2);
        check.Errors.ToString().Trim().ShouldBe("healthcheck takes one address such as http://localhost:3000, or none.");
    }

    private async Task<string> ShouldRefuse(string[] settings, string names, string tells)
    {
        await using var server = ServerProcess.Launch(_folder, settings);
        var code = await server.ExitAsync();
        var errors = server.Errors.ToString();
        var printed = server.Output + "\n" + errors;
        code.ShouldBeInRange(1, 125, printed);
        printed.ShouldNotContain("   at ");
        printed.ShouldNotContain("Unhandled");
        errors.ShouldContain(names);
        errors.ShouldContain(tells);
        errors.Trim().Split('\n').Length.ShouldBe(1, errors);
        return printed;
    }
}
