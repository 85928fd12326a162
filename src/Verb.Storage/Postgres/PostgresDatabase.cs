using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>A PostgreSQL database that several nodes may share: who may write for a shard stands in the table <c>shard</c>.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private PostgresDatabase(NpgsqlDataSource source, PostgresOptions options, string name) =>
        (Source, Options, Name) = (source, options, name);

    /// <summary>The pool.</summary>
    internal NpgsqlDataSource Source { get; }

    /// <summary>What failures call the database; without user and password.</summary>
    internal string Name { get; }

    internal PostgresOptions Options { get; }

    /// <summary>Opens the database and makes or updates its tables; several nodes may do so at once.</summary>
    /// <param name="options">Which, and how; validated.</param>
    /// <param name="clock">Tells what has expired.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">The database cannot be used. The message is one line that names it and says what to do.</exception>
    public static async Task<PostgresDatabase> Open(PostgresOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var settings = PostgresSession.Settings(options);
        var name = $"The database '{settings.Database ?? settings.Username}' on {settings.Host}:{settings.Port}";
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        try
        {
            await Prepare(source, options, name, cancellation);
            return new PostgresDatabase(source, options, name);
        }
        catch (Exception cause)
        {
            await source.DisposeAsync();
            if (PostgresFailure.IsOne(cause))
                throw PostgresFailure.From(cause, name);
            throw;
        }
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static async Task Prepare(NpgsqlDataSource source, PostgresOptions options, string name, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await PostgresRules.Check(connection, options, name, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await PostgresSchema.Migrate(connection, transaction, name, cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
