using Npgsql;
using Verb.Storage.Postgres;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Postgres;

/// <summary>A database of its own on the shared server.</summary>
public sealed class PostgresFixture(PostgresCollection.Fixture server) : IAsyncDisposable
{
    private PostgresDatabase? _database;

    public ManualClock Clock { get; } = new();

    public PostgresOptions Options { get; private set; } = null!;

    /// <summary>What the database is called.</summary>
    public string Name => new NpgsqlConnectionStringBuilder(Options.ConnectionString).Database!;

    public PostgresDatabase Database => _database!;

    public async Task Create() => Options = new PostgresOptions
    {
        ConnectionString = await server.Server.CreateDatabase(),
        AllowUnsafe = true,
    };

    public async Task<PostgresDatabase> Open() => _database ??= await PostgresDatabase.Open(Options, Clock, CancellationToken.None);

    /// <summary>Opens it with the terms that the contract suites write with.</summary>
    public async Task OpenWithTerms()
    {
        await Create();
        await Open();
        await SetTerm(Given.Fence.Shard, Given.Fence.Term);
        await SetTerm(8, 99);
    }

    /// <summary>Hands a shard out, as the directory does.</summary>
    public Task SetTerm(int shard, long term) => Scalar($"UPDATE shard SET term = {term} WHERE id = {shard}");

    public async Task Close()
    {
        if (_database is { } open)
            await open.DisposeAsync();
        _database = null;
    }

    public async Task<PostgresDatabase> Reopen()
    {
        await Close();
        return await Open();
    }

    /// <summary>Runs a statement beside the database under test and gives its first value as text.</summary>
    public async Task<string> Scalar(string sql)
    {
        await using var connection = new NpgsqlConnection(Options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return $"{await command.ExecuteScalarAsync()}";
    }

    public async ValueTask DisposeAsync() => await Close();
}
