using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.Postgres.Testing;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Verb.Server.Testing.Processes;
using Xunit.Abstractions;

namespace Verb.ClusterTests.Nodes;

/// <summary>Server processes on one database, as an operator runs them on three machines. What they print is shown where the test fails.</summary>
internal sealed partial class ServerCluster : ILoadHub, IAsyncDisposable
{
    private readonly string _database;
    private readonly ServerClusterOptions _options;
    private readonly ITestOutputHelper _output;
    private volatile ClusterNode[] _nodes = [];

    private ServerCluster(string database, ServerClusterOptions options, ITestOutputHelper output) =>
        (_database, _options, _output) = (database, options, output);

    /// <summary>The nodes, also those that are down; those added stand at the end.</summary>
    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    IReadOnlyList<ILoadNode> ILoadHub.Nodes => _nodes;

    /// <summary>How often nodes that live lost sight of each other, or the cluster of one, as they say themselves: the machine had no time for them.</summary>
    public int Disturbances => _nodes.Sum(node => OutOfSight().Count(node.ToString()));

    /// <summary>Starts the nodes, all at once; completes when each has its part of the shards.</summary>
    public static async Task<ServerCluster> StartAsync(PostgresServer postgres, ITestOutputHelper output, ServerClusterOptions? options = null)
    {
        options ??= new ServerClusterOptions();
        var cluster = new ServerCluster(await postgres.CreateDatabase(), options, output);
        try
        {
            await cluster.AddAsync(options.Nodes);
            await cluster.SettledAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts so many nodes more, all at once.</summary>
    public async Task AddAsync(int count)
    {
        var added = Enumerable.Range(_nodes.Length + 1, count)
            .Select(i => new ClusterNode(string.Create(CultureInfo.InvariantCulture, $"n{i}"), [.. Settings()], _options.Proxied)).ToArray();
        _nodes = [.. _nodes, .. added];
        await Task.WhenAll(added.Select(node => node.StartAsync()));
    }

    /// <summary>Completes when every shard is where it belongs, all nodes being there.</summary>
    public Task SettledAsync()
    {
        var names = _nodes.Select(node => new NodeId(node.Name)).ToList();
        var placed = Enumerable.Range(0, Shards.Count).Select(shard => Placement.Of(shard, names)?.Value).ToList();
        return Eventually.Be(OwnersAsync, owners => owners.SequenceEqual(placed));
    }

    /// <summary>Who owns the room, as the database has it.</summary>
    public async Task<ClusterNode> OwnerOfAsync(string room)
    {
        var owners = await OwnersAsync();
        return _nodes.Single(node => node.Name == owners[Shards.Of(new RoomId(room))]);
    }

    /// <summary>The owner's name by shard.</summary>
    public async Task<IReadOnlyList<string?>> OwnersAsync()
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false;Timeout=5");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT id, owner FROM shard", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var owners = new string?[Shards.Count];
        while (await reader.ReadAsync())
            owners[Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture)] = reader.IsDBNull(1) ? null : reader.GetString(1);
        return owners;
    }

    /// <summary>So many rooms of this node, each in another shard; fewer where it has fewer shards.</summary>
    public async Task<IReadOnlyList<string>> RoomsOfAsync(ClusterNode node, int count = int.MaxValue, string name = "room")
    {
        var owners = await OwnersAsync();
        var shards = Enumerable.Range(0, owners.Count).Where(shard => owners[shard] == node.Name).ToHashSet();
        var rooms = new List<string>();
        for (var i = 0; shards.Count > 0 && rooms.Count < count; i++)
        {
            var room = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
            if (shards.Remove(Shards.Of(new RoomId(room))))
                rooms.Add(room);
        }

        return rooms;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        foreach (var node in _nodes)
            _output.WriteLine(node.ToString());
    }

    [GeneratedRegex(@"\[1706\]|\[1808\]|\[1802\].*nothing was heard")]
    private static partial Regex OutOfSight();

    private IEnumerable<string> Settings() =>
    [
        "--Verb:Storage:Kind=postgres", $"--Verb:Storage:Postgres={_database}", "--Verb:Storage:AllowUnsafe=true",
        "--Verb:Cluster:Name=tests", "--Verb:Cluster:Secret=only-for-these-tests-and-long-enough",
        $"--Verb:ApiKey={ServerApi.Key}", "--Verb:Rooms:0:Match=*", "--Verb:Rooms:0:History=1000000", "--Verb:Limits:CommandsPerSecond=0",
        .. _options.Settings,
    ];
}
