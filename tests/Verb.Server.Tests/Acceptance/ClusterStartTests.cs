using System.Net;
using System.Net.Sockets;
using Verb.Postgres.Testing;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Acceptance;

/// <summary>What a node of a cluster cannot start with is one line; the nodes that are there do not notice.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ClusterStartTests(ClusterStartTests.Database database) : IClassFixture<ClusterStartTests.Database>, IDisposable
{
    private const string Secret = "the secret of the nodes";

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nodes_that_differ_from_the_cluster_are_refused_and_it_goes_on()
    {
        var connection = await database.Server.CreateDatabase();
        await using var node = await ServerProcess.StartAsync(_folder, Node(connection, "n1"));
        await ShouldRefuse(Node(connection, "n2", secret: "another secret of nodes"), "Verb:Cluster:Secret", "cluster 'verb'");
        await ShouldRefuse([.. Node(connection, "n2"), "--Verb:Cluster:Name=other"], "Verb:Cluster:Name", "'verb'");
        await ShouldRefuse(Node(connection, "n1"), "Verb:Cluster:NodeId", "'n1'");
        await ShouldRefuse(Alone(connection), "cluster", "n1");
        var status = await node.StatusAsync();
        status.GetProperty("nodes").EnumerateArray().Select(name => name.GetString()).ShouldBe(["n1"]);
        status.GetProperty("shards").GetInt32().ShouldBe(256);
        (await node.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        node.Send(Signal.Terminate);
        (await node.ExitAsync()).ShouldBe(0);
        node.Errors.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_port_in_use_is_refused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var settings = Node(await database.Server.CreateDatabase(), "n1", listen: $"127.0.0.1:{port}");
        await ShouldRefuse(settings, "Verb:Cluster:Listen", $"127.0.0.1:{port}");
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_refused() =>
        await ShouldRefuse(Node($"Host=127.0.0.1;Port={FreePort.Next()};Username=verb;Database=verb", "n1"), "'verb' on 127.0.0.1", "reached");

    [Fact]
    public async Task A_database_that_is_not_there_is_refused() =>
        await ShouldRefuse(Node(database.Server.ConnectionString("nowhere"), "n1"), "'nowhere'", "CREATE DATABASE");

    [Fact]
    public async Task A_database_that_is_read_only_is_refused()
    {
        var connection = await database.Server.CreateDatabase();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(connection).Database;
        await database.Server.Execute($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await ShouldRefuse(Node(connection, "n1"), name!, "read-only");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_left_as_it_is()
    {
        var connection = await database.Server.CreateDatabase();
        await using (var node = await ServerProcess.StartAsync(_folder, Node(connection, "n1")))
        {
            node.Send(Signal.Terminate);
            await node.ExitAsync();
        }

        await using var open = new Npgsql.NpgsqlConnection(connection + ";Pooling=false");
        await open.OpenAsync();
        await using var newer = new Npgsql.NpgsqlCommand("UPDATE meta SET value = '999' WHERE key = 'schema'", open);
        await newer.ExecuteNonQueryAsync();
        await ShouldRefuse(Node(connection, "n1"), "schema 999", "newer");
        await using var read = new Npgsql.NpgsqlCommand("SELECT value FROM meta WHERE key = 'schema'", open);
        (await read.ExecuteScalarAsync()).ShouldBe("999");
    }

    [Theory]
    [InlineData("--Verb:Cluster:Listen=127.0.0.1:4000", "Verb:Cluster:Listen", "Verb:Storage:Kind=postgres")]
    [InlineData("--Verb:Cluster:NodeId=n1", "Verb:Cluster:NodeId", "Verb:Cluster:Listen")]
    [InlineData("--Verb:Storage:Kind=postgres", "Verb:Storage:Kind", "Verb:Storage:Postgres")]
    public async Task Settings_that_do_not_fit_are_refused(string setting, string names, string tells) => await ShouldRefuse([setting], names, tells);

    private static string[] Alone(string connection) =>
        ["--Verb:Storage:Kind=postgres", $"--Verb:Storage:Postgres={connection}", "--Verb:Storage:AllowUnsafe=true"];

    private static string[] Node(string connection, string name, string secret = Secret, string? listen = null) =>
    [
        .. Alone(connection),
        $"--Verb:Cluster:NodeId={name}",
        $"--Verb:Cluster:Secret={secret}",
        $"--Verb:Cluster:Listen={listen ?? $"127.0.0.1:{FreePort.Next()}"}",
    ];

    private async Task ShouldRefuse(string[] settings, string names, string tells)
    {
        await using var server = ServerProcess.Launch(_folder, settings);
        var code = await server.ExitAsync();
        var errors = server.Errors.ToString();
        code.ShouldBe(1, server.Output + "\n" + errors);
        errors.ShouldContain(names);
        errors.ShouldContain(tells);
        errors.Trim().Split('\n').Length.ShouldBe(1, errors);
        errors.ShouldNotContain(Secret);
        server.Output.ToString().ShouldNotContain("   at ");
    }

    /// <summary>A PostgreSQL server for these tests.</summary>
    public sealed class Database : IAsyncLifetime
    {
        public PostgresServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await PostgresServer.Start("fsync=off");

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
