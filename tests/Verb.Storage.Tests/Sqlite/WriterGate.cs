using Verb.Storage.Sqlite;

namespace Verb.Storage.Tests.Sqlite;

/// <summary>Holds the writing thread within a commit until opened.</summary>
public sealed class WriterGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new();

    public WriterGate(SqliteDatabase database)
    {
        using var reached = new ManualResetEventSlim();
        _ = database.Write(
            _ =>
            {
                reached.Set();
                _open.Wait();
                return 0;
            },
            CancellationToken.None).AsTask();
        reached.Wait();
    }

    public void Open() => _open.Set();

    public void Dispose() => Open();
}
