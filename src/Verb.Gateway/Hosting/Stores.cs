using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Actors.Rooms;
using Verb.Actors.Users;
using Verb.Gateway.Settings;
using Verb.Storage.Files;
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

    public IHistoryStore History { get; }

    public IInboxStore Inboxes { get; }

    public ISecretStore Secrets { get; }

    public IFileStore Files { get; }

    /// <summary>Opens what the settings name.</summary>
    /// <exception cref="StorageException">One line for the operator.</exception>
    public static Stores Open(VerbOptions options, TimeProvider clock)
    {
        var files = DiskFileStore.Open(
            new FileStoreOptions { Path = options.Uploads.Path, MaxBytes = options.Uploads.MaxBytes, Quota = options.Uploads.Quota }, clock);
        if (options.Storage.Kind == StorageKind.Memory)
            return new Stores(new InMemoryHistoryStore(), new InMemoryInboxStore(), new InMemorySecretStore(), files, null);

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

    /// <summary>Does a small piece of work in the store.</summary>
    /// <exception cref="StorageException">The store cannot be used.</exception>
    public async ValueTask Touch(CancellationToken cancellation) => await Secrets.GetOrCreate(TouchedSecret, TouchedBytes, cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        (Files as IDisposable)?.Dispose();
    }
}
