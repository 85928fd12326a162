using System.Net;
using System.Text.Json;
using Verb.Postgres.Testing;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.ClusterTests.Nodes;

/// <summary>One node of a cluster over all its lives: the same name, ports and folder, each life another process.</summary>
/// <param name="name">Its node id.</param>
/// <param name="settings">What all nodes of the cluster are told.</param>
/// <param name="proxied">Whether its peers reach it through a <see cref="LinkProxy"/>.</param>
internal sealed class ClusterNode(string name, IReadOnlyList<string> settings, bool proxied) : ILoadNode, IAsyncDisposable
{
    private readonly ServerFolder _folder = new();
    private readonly List<ServerProcess> _lives = [];
    private readonly int _httpPort = FreePort.Next();
    private readonly int _linkPort = FreePort.Next();
    private LinkProxy? _proxy;

    public string Name => name;

    /// <summary>The process id of its present life.</summary>
    public int Process => Life.Id;

    public Uri Address => new($"http://127.0.0.1:{_httpPort}");

    /// <summary>What its peers dial.</summary>
    public LinkProxy Proxy => _proxy ?? throw new InvalidOperationException("The cluster was started without proxies.");

    private ServerProcess Life => _lives[^1];

    /// <summary>Starts it; completes once it is a member and ready.</summary>
    public async Task StartAsync()
    {
        _proxy ??= proxied ? new LinkProxy(_linkPort) : null;
        _lives.Add(await ServerProcess.StartAsync(_folder,
        [
            $"--urls={Address}", $"--Verb:Cluster:Listen=127.0.0.1:{_linkPort}", $"--Verb:Cluster:NodeId={name}",
            $"--Verb:Cluster:Advertise=127.0.0.1:{_proxy?.Port ?? _linkPort}", .. settings,
        ]));
        await Eventually.Be(IsReadyAsync, ready => ready);
    }

    /// <summary>Whether it says so itself: <c>/health/ready</c>.</summary>
    public async Task<bool> IsReadyAsync()
    {
        using var response = await SendAsync(HttpMethod.Get, "/health/ready");
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>kill -9; completes once the process is gone.</summary>
    public Task KillAsync() => Life.KillAsync();

    /// <summary>It stands still, its sockets open: a machine that hangs.</summary>
    public void Freeze() => Life.Send(Signal.Stop);

    /// <summary>It goes on where it stood.</summary>
    public void Thaw() => Life.Send(Signal.Continue);

    /// <summary>Tells it to end as an operator does, and gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Life.Send(Signal.Terminate);
        return await Life.ExitAsync();
    }

    public Task<SocketClient> ConnectAsync(string? session = null, SocketClientOptions? options = null) =>
        Life.ConnectAsync(options, session is null ? "" : $"?session={session}");

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null) =>
        ServerApi.SendAsync(Address, method, path, json);

    public Task<JsonElement> ReadAsync(string path) => ServerApi.ReadAsync(Address, path);

    /// <summary>What it says of itself: <c>GET /api/status</c>.</summary>
    public Task<JsonElement> StatusAsync() => Life.StatusAsync();

    /// <summary>What each of its lives has printed.</summary>
    public override string ToString() => string.Join('\n', _lives.Select((life, i) => $"--- {name}, life {i + 1}\n{life.Output}\n{life.Errors}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var life in _lives)
            await life.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        _folder.Dispose();
    }
}
