using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Gateway.Settings;

namespace Verb.Bench.Cluster;

/// <summary>A node in a process of its own, alone or in a cluster on PostgreSQL.</summary>
internal sealed class BenchNode : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private BenchNode(string name, int port, Process process)
    {
        (Name, Port, _process) = (name, port, process);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(2) };
    }

    public string Name { get; }

    public int Port { get; }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a node; without a database it is alone.</summary>
    public static async Task<BenchNode> Start(string name, string? database)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["node", name, $"http://127.0.0.1:{port}", database is null ? "" : $"127.0.0.1:{FreePort()}", database ?? ""]);
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0"; // As the server runs.
        var node = new BenchNode(name, port, Process.Start(start)!);
        await Until(async () => (await node._http.GetAsync("/health/ready")).IsSuccessStatusCode);
        return node;
    }

    /// <summary>What the started process runs.</summary>
    public static async Task<int> Serve(string name, string url, string listen, string database)
    {
        var isAlone = database.Length == 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddVerb(new VerbOptions
        {
            Storage = isAlone
                ? new StorageOptions { Kind = StorageKind.Memory }
                : new StorageOptions { Kind = StorageKind.Postgres, Postgres = database },
            Cluster = isAlone ? new ClusterOptions() : new ClusterOptions { Listen = listen, NodeId = name, Secret = "a secret of the benchmark" },
            Uploads = new UploadOptions { Path = Directory.CreateTempSubdirectory("verb-bench").FullName },
            Rooms = [new RoomPolicy { Match = "durable*" }, new RoomPolicy { Match = "*", Durable = false, Presence = false }],
            Limits = new LimitOptions { CommandsPerSecond = 0, Burst = 0, ConnectionsPerUser = 0 },
            Socket = new SocketOptions { Compression = CompressionMode.Disabled },
        });
        await using var app = builder.Build();
        app.Urls.Add(url);
        app.MapVerb();
        app.MapVerbApi();
        await app.RunAsync();
        return 0;
    }

    /// <summary>Waits until the node owns so many shards.</summary>
    public Task UntilShards(int count) => Until(async () => await Shards() == count);

    /// <summary>Kills it with SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Stops its clock: SIGSTOP.</summary>
    public void Freeze() => Process.Start("kill", ["-STOP", $"{_process.Id}"]).WaitForExit();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _http.Dispose();
    }

    private async Task<int> Shards()
    {
        var status = await _http.GetFromJsonAsync<JsonElement>("/api/status");
        return status.GetProperty("shards").GetInt32();
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
