using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Verb.TestKit.Hosting;

namespace Verb.Server.Testing.Processes;

/// <summary>The server as operators run it: its own process, real files, real sockets. Always ended with the test.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitDeadline = TimeSpan.FromSeconds(60);
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "Verb.Server.dll");
    private static readonly HttpClient Http = new();

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public ServerOutput Output { get; } = new();

    public ServerOutput Errors { get; } = new();

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The same server on the same port: what a restart needs beside the folder.</summary>
    public string Urls => $"--urls=http://127.0.0.1:{Address.Port}";

    public int Id => _process.Id;

    public Uri Socket => new(new UriBuilder(Address) { Scheme = "ws" }.Uri, "/ws");

    /// <summary>Starts a server and waits until it says where it listens.</summary>
    /// <param name="folder">Where it keeps its files.</param>
    /// <param name="settings">Its arguments, and variables such as <c>ASPNETCORE_NAME=value</c>.</param>
    public static Task<ServerProcess> StartAsync(ServerFolder folder, params string[] settings) => StartAsync(folder, new ServerSurroundings(), settings);

    /// <summary>The same in surroundings of its own.</summary>
    public static async Task<ServerProcess> StartAsync(ServerFolder folder, ServerSurroundings surroundings, params string[] settings)
    {
        var server = Launch(folder, surroundings, settings);
        try
        {
            var line = await server.Output.Line(line => ListeningLine().IsMatch(line)).WaitAsync(StartDeadline);
            server.Address = new Uri(ListeningLine().Match(line).Groups[1].Value);
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not start.\n{server.Output}\n{server.Errors}", e);
        }
    }

    /// <summary>Starts a server that is expected to end by itself.</summary>
    public static ServerProcess Launch(ServerFolder folder, params string[] settings) => Launch(folder, new ServerSurroundings(), settings);

    /// <summary>The same in surroundings of its own.</summary>
    public static ServerProcess Launch(ServerFolder folder, ServerSurroundings surroundings, params string[] settings) =>
        Begin(folder, surroundings, [.. Defaults(folder, surroundings, settings), .. settings]);

    /// <summary>Starts the same program as a health check of a server.</summary>
    public static ServerProcess Check(ServerFolder folder, params string[] addresses) => Check(folder, new ServerSurroundings(), addresses);

    /// <summary>The same in surroundings of its own.</summary>
    public static ServerProcess Check(ServerFolder folder, ServerSurroundings surroundings, params string[] addresses) =>
        Begin(folder, surroundings, ["healthcheck", .. addresses]);

    /// <summary>Reads what it prints, where its surroundings did not from the beginning.</summary>
    public void ReadOutput()
    {
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public void Send(Signal signal) => _process.Send(signal);

    /// <summary>Ends it as the kernel does, without a word, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await ExitAsync();
    }

    /// <summary>Waits until it has ended, and gives the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(ExitDeadline);
        return _process.ExitCode;
    }

    public Task<SocketClient> ConnectAsync(SocketClientOptions? options = null, string query = "") =>
        SocketClient.ConnectAsync(new Uri(Socket, query), options);

    /// <summary>What <c>GET /api/status</c> says.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        using var document = JsonDocument.Parse(await Http.GetByteArrayAsync(new Uri(Address, "/api/status")));
        return document.RootElement.Clone();
    }

    /// <summary>One number of <c>/metrics</c>.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var lines = (await Http.GetStringAsync(new Uri(Address, "/metrics"))).Split('\n');
        return double.Parse(lines.First(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(new Uri(Address, path));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ServerProcess Begin(ServerFolder folder, ServerSurroundings surroundings, string[] arguments)
    {
        // Where the surroundings ignore SIGINT and SIGQUIT (a background job of a shell), their children would, too.
        string[] prefix = OperatingSystem.IsLinux() ? ["/usr/bin/env", "--default-signal=INT,HUP,QUIT", .. surroundings.Through, "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(prefix[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Root,
        };
        foreach (var argument in prefix.Skip(1).Append("exec").Append(Assembly).Concat(arguments.Where(argument => !IsSetting(argument))))
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        foreach (var variable in arguments.Where(IsSetting).Select(argument => argument.Split('=', 2)))
            start.Environment[variable[0]] = variable[1];
        foreach (var (name, value) in surroundings.Environment)
            start.Environment[name] = value;

        var server = new ServerProcess(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server.Output.Add(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Errors.Add(line.Data);
        server._process.Start();
        if (surroundings.ReadsOutput)
            server.ReadOutput();
        return server;
    }

    private static IEnumerable<string> Defaults(ServerFolder folder, ServerSurroundings surroundings, string[] settings)
    {
        (string Key, string Value)[] defaults =
        [
            ("--urls", "http://127.0.0.1:0"), ("--environment", "Production"),
            ("--Verb:Storage:Path", folder.Database), ("--Verb:Uploads:Path", folder.Uploads),
        ];
        return defaults.Skip(surroundings.SayWhereToListen ? 1 : 0).Where(setting => !settings.Any(given => given.StartsWith(setting.Key, StringComparison.Ordinal)))
            .Select(setting => $"{setting.Key}={setting.Value}");
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("Verb__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name is "URLS" or "DOTNET_ENVIRONMENT";

    [GeneratedRegex(@"^Verb listens on (\S+?)/?: ")]
    private static partial Regex ListeningLine();
}
