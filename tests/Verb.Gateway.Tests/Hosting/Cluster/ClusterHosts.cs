using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verb.Actors.Sharding;
using Verb.Gateway.Auth;
using Verb.Gateway.Hosting;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.Auth;
using Verb.Postgres.Testing;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting.Cluster;

/// <summary>Hosts of one cluster in this process: real sockets, real links, a database of their own.</summary>
internal sealed class ClusterHosts : IAsyncDisposable
{
    public const string Key = "the-key-of-the-tests";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly string _database;
    private readonly List<VerbTestHost> _hosts = [];

    private ClusterHosts(string database) => _database = database;

    /// <summary>What each host hears of its hub's logs.</summary>
    public ListLog Log { get; } = new();

    public VerbTestHost this[int index] => _hosts[index];

    /// <summary>Starts nodes <c>n1</c>, <c>n2</c> and so on, and waits until they have shared everything out.</summary>
    public static async Task<ClusterHosts> StartAsync(PostgresServer server, int count)
    {
        var cluster = new ClusterHosts(await server.CreateDatabase());
        try
        {
            for (var i = 0; i < count; i++)
                await cluster.AddAsync();
            await cluster.Settle(count);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public VerbOptions Options(string node) => new()
    {
        ApiKey = Key,
        Auth = new AuthOptions { Mode = AuthMode.Optional, Secret = TestTokens.Secret },
        Drain = new DrainOptions { Grace = TimeSpan.Zero },
        Storage = new StorageOptions { Kind = StorageKind.Postgres, Postgres = _database, AllowUnsafe = true },
        Cluster = new Gateway.Settings.ClusterOptions { Listen = $"127.0.0.1:{FreePort.Next()}", Secret = "the secret of the nodes", NodeId = node },
    };

    /// <summary>Starts another node.</summary>
    public async Task<VerbTestHost> AddAsync(Func<VerbOptions, VerbOptions>? change = null)
    {
        var options = Options($"n{_hosts.Count + 1}");
        var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Hub = change?.Invoke(options) ?? options,
            Services = services => services.AddSingleton<ILoggerProvider>(new LogProvider(Log)),
        });
        _hosts.Add(host);
        return host;
    }

    /// <summary>Each of the hosts at these places knows the others, is linked to them, and together they own everything.</summary>
    public Task Settle(int nodes, params int[] hosts)
    {
        var all = (hosts.Length == 0 ? [.. Enumerable.Range(0, _hosts.Count)] : hosts).Select(at => Of(_hosts[at])).ToArray();
        return Until(() => all.All(host => host.Status.Nodes.Count == nodes && host.Status.Links == nodes - 1)
            && all.Sum(host => host.Status.Shards) == Shards.Count);
    }

    public static HubHost Of(VerbTestHost host) => host.Services.GetRequiredService<HubHost>();

    /// <summary>Looks again until it is so.</summary>
    public static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var ticks = new PeriodicTimer(Period);
        while (!await isSo())
        {
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"It was not so after {Deadline}.");
            }
        }
    }

    /// <summary>A room whose owner is the host at this place.</summary>
    public string RoomOf(int host)
    {
        var node = Of(_hosts[host]).Node;
        return Enumerable.Range(0, int.MaxValue).Select(i => $"room-{i}").First(room => node.Owns(Shards.Of(new Contracts.RoomId(room))));
    }

    public async Task<JsonElement> GetAsync(int host, string path)
    {
        using var http = Http(host);
        return await http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
    }

    public async Task<JsonElement> PostAsync(int host, string path, string? json = null)
    {
        using var http = Http(host);
        using var content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    public HttpClient Http(int host)
    {
        var http = new HttpClient { BaseAddress = _hosts[host].Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        return http;
    }

    /// <summary>Stops them all, the last first; those that were stopped before stay so.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var i = _hosts.Count - 1; i >= 0; i--)
            await _hosts[i].DisposeAsync();
    }
}
