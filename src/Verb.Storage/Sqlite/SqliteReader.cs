namespace Verb.Storage.Sqlite;

/// <summary>A thread that reads, beside the writer and never waiting for it.</summary>
internal sealed class SqliteReader(SqliteSession session, SqliteQueue queue)
{
    public void Loop()
    {
        var batch = new List<SqliteWork>(1);
        while (queue.Take(batch, 1))
        {
            Read(batch[0]);
            batch.Clear();
        }
    }

    private void Read(SqliteWork work)
    {
        try
        {
            // One transaction, so that everything the work reads is of one moment.
            session.Connection.Execute("BEGIN");
            work.Run(session);
            session.Connection.Execute("COMMIT");
        }
        catch (Exception cause)
        {
            session.Connection.Rollback();
            work.Fail(cause);
            return;
        }

        work.Complete();
    }
}
