using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Gateway.Settings;
using Verb.Storage.Files;
using Verb.Storage.Postgres;
using Verb.Storage.Sqlite;

namespace Verb.Gateway.Hosting;

/// <summary>Where a node keeps everything.</summary>
internal sealed class Stores : IAsyncDisposable
{
    private const string TouchedSecret = "readiness";
    private const int TouchedBytes = 32;

    private readonly IAsyncDisposable? _database;

    private Stores(IHistoryStore history, IInboxStore inboxes, ISecretStore secrets, IFileStore files, IAsyncDisposable? database) =>
        (History, Inboxes, Secrets, Files, _database) = (history, inboxes, secrets, files, database);

    /// <summary>The right to write, by shard, of a hub that is alone; null where every fence will do, and where a cluster gives them.</summary>
    public IReadOnlyList<Fence>? Fences { get; private init; }

    public IHistoryStore History { get; }

    public IInboxStore Inboxes { get; }

    public ISecretStore Secrets { get; }

    public IFileStore Files { get; }

    /// <summary>Opens what the settings name.</summary>
    /// <exception cref="StorageException">One line for the operator.</exception>
    public static Stores Open(VerbOptions options, NodeId node, TimeProvider clock) => options.Storage.Kind switch
    {
        // Opened once, at start, before there is anything that could wait for it.
        StorageKind.Postgres => Task.Run(() => OpenPostgres(options, node, clock)).GetAwaiter().GetResult(),
        StorageKind.Memory => new Stores(
            new InMemoryHistoryStore(), new InMemoryInboxStore(), new InMemorySecretStore(), DiskFileStore.Open(Uploads(options), clock), null),
        _ => OpenSqlite(options, clock),
    };

    /// <summary>Does a small piece of work in the store.</summary>
    /// <exception cref="StorageException">The store cannot be used.</exception>
    public async ValueTask Touch(CancellationToken cancellation) => await Secrets.GetOrCreate(TouchedSecret, TouchedBytes, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        (Files as IDisposable)?.Dispose();
    }

    private static Stores OpenSqlite(VerbOptions options, TimeProvider clock)
    {
        var files = DiskFileStore.Open(Uploads(options), clock);
        try
        {
            var database = SqliteDatabase.Open(new SqliteOptions { Path = options.Storage.Path, NewEpochs = options.Storage.NewEpochs }, clock);
            return new Stores(database.History, database.Inboxes, database.Secrets, files, database);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static async Task<Stores> OpenPostgres(VerbOptions options, NodeId node, TimeProvider clock)
    {
        var database = await PostgresDatabase.Open(
            new PostgresOptions
            {
                ConnectionString = options.Storage.Postgres!,
                ApplicationName = options.Cluster.IsOn ? BackendName.Pool(node) : "verb",
                AllowUnsafe = options.Storage.AllowUnsafe,
                NewEpochs = options.Storage.NewEpochs,
            },
            clock,
            CancellationToken.None);
        try
        {
            var files = database.Files(Uploads(options));
            return new Stores(database.History, database.Inboxes, database.Secrets, files, database)
            {
                Fences = options.Cluster.IsOn ? null : await database.ClaimAll(node.Value, CancellationToken.None),
            };
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static FileStoreOptions Uploads(VerbOptions options) => new()
    {
        Path = options.Uploads.Path,
        MaxBytes = options.Uploads.MaxBytes,
        Quota = options.Uploads.Quota,
        MaxFiles = options.Uploads.MaxFiles,
    };
}
