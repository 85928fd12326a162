using System.Text.Json;
using Verb.Server.Testing.Load;
using Verb.TestKit.Hosting;

namespace Verb.Server.Testing.Processes;

/// <summary>A server that stands alone, over all its lives: the same folder, port and settings, each life another process.</summary>
internal sealed class LoneServer(params string[] settings) : ILoadHub, ILoadNode, IAsyncDisposable
{
    private readonly ServerFolder _folder = new();
    private readonly List<ServerProcess> _lives = [];

    public string Name => "alone";

    public IReadOnlyList<ILoadNode> Nodes => [this];

    /// <summary>The process that is, or was, the last one.</summary>
    public ServerProcess Life => _lives[^1];

    /// <summary>Starts it; completes once it listens.</summary>
    public async Task StartAsync()
    {
        var urls = _lives.Count == 0 ? "--urls=http://127.0.0.1:0" : Life.Urls;
        _lives.Add(await ServerProcess.StartAsync(_folder, [urls, $"--Verb:ApiKey={ServerApi.Key}", .. settings]));
    }

    /// <summary>kill -9; completes once the process is gone.</summary>
    public Task KillAsync() => Life.KillAsync();

    public Task<SocketClient> ConnectAsync(string? session = null, SocketClientOptions? options = null) =>
        Life.ConnectAsync(options, session is null ? "" : $"?session={session}");

    public Task<JsonElement> ReadAsync(string path) => ServerApi.ReadAsync(Life.Address, path);

    /// <summary>What each of its lives has printed.</summary>
    public override string ToString() => string.Join('\n', _lives.Select((life, i) => $"--- life {i + 1}\n{life.Output}\n{life.Errors}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var life in _lives)
            await life.DisposeAsync();
        _folder.Dispose();
    }
}
