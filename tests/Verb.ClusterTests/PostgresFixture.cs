using Verb.Postgres.Testing;

namespace Verb.ClusterTests;

/// <summary>The PostgreSQL server of all tests; every cluster has a database of its own. Its host never fails here, so nothing is synced.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly string[] Settings = ["fsync=off", "full_page_writes=off"];

    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.Start(Settings);

    /// <summary>Ends it with SIGKILL and starts it again.</summary>
    public async Task KillAsync()
    {
        await Server.Kill();
        await StartAgainAsync();
    }

    /// <summary>Stops it in order, cutting its clients off, and starts it again.</summary>
    public async Task RestartAsync()
    {
        await Server.Stop();
        await StartAgainAsync();
    }

    /// <summary>Starts it after it was killed or stopped.</summary>
    public Task StartAgainAsync() => Server.Restart(Settings);

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
