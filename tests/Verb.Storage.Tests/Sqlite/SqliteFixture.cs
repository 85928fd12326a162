using Verb.Storage.Sqlite;

namespace Verb.Storage.Tests.Sqlite;

/// <summary>A database in a directory of its own.</summary>
public sealed class SqliteFixture : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteDatabase? _database;

    public ManualClock Clock { get; } = new();

    public SqliteOptions Options => field ??= new SqliteOptions { Path = _directory["verb.db"] };

    public SqliteDatabase Database => _database ??= SqliteDatabase.Open(Options, Clock);

    public async Task<SqliteDatabase> Reopen()
    {
        await Close();
        return Database;
    }

    public async Task Close()
    {
        if (_database is { } open)
            await open.DisposeAsync();
        _database = null;
    }

    public void Dispose()
    {
        Close().GetAwaiter().GetResult();
        _directory.Dispose();
    }
}
