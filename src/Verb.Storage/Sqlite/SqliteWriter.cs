using Verb.Actors.Durability;
using Verb.Actors.Timing;

namespace Verb.Storage.Sqlite;

/// <summary>
/// The thread that writes: commits everything that arrived while the previous commit was under way, in one transaction.
/// Never waits for more to come.
/// </summary>
internal sealed class SqliteWriter(SqliteSession session, SqliteQueue queue, SteadyTime time)
{
    private const int MostPerCommit = 1024;
    private const int PurgeLimit = 2048;
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan EmptyRoomLife = TimeSpan.FromHours(24);
    private static readonly long AnonymousLife = (long)TimeSpan.FromHours(24).TotalMilliseconds;

    private DateTimeOffset _purgeDue = time.Moment;
    private DateTimeOffset _forgetDue = time.Moment;

    public void Loop()
    {
        var batch = new List<SqliteWork>(MostPerCommit);
        while (queue.Take(batch, MostPerCommit))
        {
            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<SqliteWork> batch)
    {
        try
        {
            session.Connection.Execute("BEGIN IMMEDIATE");
            Purge();
            foreach (var work in batch)
                work.Run(session);
            session.Connection.Execute("COMMIT");
        }
        catch (Exception cause)
        {
            session.Connection.Rollback();
            Fail(batch, cause);
            return;
        }

        foreach (var work in batch)
            work.Complete();
    }

    private void Fail(List<SqliteWork> batch, Exception cause)
    {
        // One work too large for the disk, or with a bug, is not to take others with it. A failing file fails all the same.
        if (batch.Count > 1 && cause is not StorageException { Fault: not StorageFault.Full })
        {
            foreach (var work in batch)
                Commit([work]);
            return;
        }

        foreach (var work in batch)
            work.Fail(cause);
    }

    private void Purge()
    {
        var now = time.Moment;
        if (now < _purgeDue)
            return;
        var at = now.ToUnixTimeMilliseconds();
        var more = session.Rooms.Purge(at, PurgeLimit) | session.Inboxes.Purge(at, at - AnonymousLife, PurgeLimit);
        _purgeDue = more ? now : now + PurgeEvery;
        if (now >= _forgetDue && !session.Rooms.ForgetEmpty((now - EmptyRoomLife).ToUnixTimeMilliseconds(), PurgeLimit))
            _forgetDue = now + ForgetEvery;
    }
}
