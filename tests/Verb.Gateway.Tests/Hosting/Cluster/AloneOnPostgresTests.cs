using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verb.Gateway.Settings;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting.Cluster;

/// <summary>A hub that is alone may keep what it knows in PostgreSQL, too.</summary>
[Collection(ClusterCollection.Name)]
public sealed class AloneOnPostgresTests(PostgresFixture postgres)
{
    private const string Publish = """{"type":"chat","roomId":"lobby","message":"hi"}""";

    [Fact]
    public async Task The_hub_that_was_started_last_goes_on_and_the_one_before_is_refused_and_says_so()
    {
        var database = await postgres.Server.CreateDatabase();
        var log = new ListLog();
        await using var before = await Start(database, log);
        await using var ann = await Joined(before);
        Data(await ann.AskAsync(Publish)).GetProperty("seq").GetInt64().ShouldBe(1);

        await using var after = await Start(database, new ListLog());
        await using var ben = await Joined(after);

        (await ann.AskAsync(Publish)).GetProperty("error").GetProperty("code").GetString().ShouldBe("INTERNAL");
        Data(await ben.AskAsync(Publish)).GetProperty("seq").GetInt64().ShouldBe(2);
        log.Lines.ShouldContain(line => line.StartsWith("Warning 1602: The store refused this node: shard ", StringComparison.Ordinal));
    }

    private static async Task<VerbTestHost> Start(string database, ListLog log) => await VerbTestHost.StartAsync(new VerbTestHostOptions
    {
        Hub = new VerbOptions
        {
            Drain = new DrainOptions { Grace = TimeSpan.Zero },
            Storage = new StorageOptions { Kind = StorageKind.Postgres, Postgres = database, AllowUnsafe = true },
        },
        Services = services => services.AddSingleton<ILoggerProvider>(new LogProvider(log)),
    });

    private static async Task<SocketClient> Joined(VerbTestHost host)
    {
        var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
        Data(await client.AskAsync("""{"type":"join_room","roomId":"lobby"}"""));
        return client;
    }

    private static JsonElement Data(JsonElement reply)
    {
        reply.GetProperty("success").GetBoolean().ShouldBeTrue($"{reply}");
        return reply.GetProperty("data");
    }
}
