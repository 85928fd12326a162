using Npgsql;
using Verb.Actors.Sharding;
using Verb.Cluster.Directory;
using Verb.Postgres.Testing;
using Verb.Storage.Postgres;

namespace Verb.Cluster.Tests.Directory;

/// <summary>One server for all; every test has a database of its own.</summary>
public sealed class DirectoryServer : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.Start("fsync=off");

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class DirectoryCollection : ICollectionFixture<DirectoryServer>
{
    public const string Name = "directory";
}

/// <summary>A database with the cluster's tables, and nodes that use it.</summary>
internal sealed class DirectoryDatabase : IAsyncDisposable
{
    private readonly List<PostgresDirectory> _nodes = [];

    private DirectoryDatabase(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    /// <summary>Leases that no test outlives: what is to expire is told so.</summary>
    public PostgresDirectoryOptions Options => new()
    {
        ConnectionString = ConnectionString,
        Cluster = "test",
        Lease = TimeSpan.FromHours(1),
        Settling = TimeSpan.Zero,
        CommandTimeout = TimeSpan.FromSeconds(20),
    };

    public static async Task<DirectoryDatabase> Create(PostgresServer server)
    {
        var database = new DirectoryDatabase(await server.CreateDatabase());
        await using var store = await PostgresDatabase.Open(
            new PostgresOptions { ConnectionString = database.ConnectionString + ";Pooling=false", AllowUnsafe = true }, TimeProvider.System, default);
        return database;
    }

    public PostgresDirectory Node(PostgresDirectoryOptions? options = null, TimeProvider? clock = null)
    {
        var node = new PostgresDirectory(options ?? Options, clock ?? TimeProvider.System);
        _nodes.Add(node);
        return node;
    }

    public async Task<(PostgresDirectory Directory, long Incarnation)> Joined(string id, PostgresDirectoryOptions? options = null)
    {
        var node = Node(options);
        return (node, await node.Join(new NodeId(id), $"{id}:7000", default));
    }

    /// <summary>A connection of the test's own, not from a pool.</summary>
    public async Task<NpgsqlConnection> Open(string name = "test")
    {
        var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false;Application Name={name}");
        await connection.OpenAsync();
        return connection;
    }

    public async Task<object?> Value(string sql)
    {
        await using var connection = await Open();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public Task Execute(string sql) => Value(sql);

    public Task Expire(string id) => Execute($"UPDATE node SET expires = now() - interval '1 ms' WHERE id = '{id}'");

    /// <summary>Ends connections from the server's side, and waits until they have ended: their locks are free.</summary>
    public Task Cut(string name) =>
        Execute($"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '{name}' AND datname = current_database()");

    /// <summary>Waits until no connection is called so.</summary>
    public Task Ended(string name) => Until(
        $"SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = '{name}' AND datname = current_database()");

    /// <summary>Asks until it is so.</summary>
    public async Task Until(string sql)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var connection = await Open();
        await using var command = new NpgsqlCommand(sql, connection);
        while (await command.ExecuteScalarAsync(patience.Token) is not true)
            patience.Token.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }
}

/// <summary>A test with a database of its own.</summary>
[Collection(DirectoryCollection.Name)]
public abstract class DirectoryTest(DirectoryServer fixture) : IAsyncLifetime
{
    private protected DirectoryDatabase Database { get; private set; } = null!;

    protected PostgresServer Server => fixture.Server;

    public async Task InitializeAsync() => Database = await DirectoryDatabase.Create(fixture.Server);

    public async Task DisposeAsync() => await Database.DisposeAsync();

    private protected static NodeId Id(string id) => new(id);

    /// <summary>All shards as they stand before anybody has one.</summary>
    private protected static IReadOnlyList<ShardRow> Fresh(int count = Shards.Count) =>
        [.. Enumerable.Range(0, count).Select(id => new ShardRow(id, null, 0))];
}
