namespace Verb.Storage.Sqlite;

/// <summary>What waits for a connection's thread: bounded in count and bytes, and said to be full beyond that.</summary>
internal sealed class SqliteQueue(int maxCount, long maxBytes)
{
    private readonly object _lock = new();
    private readonly Queue<SqliteWork> _waiting = new();
    private long _bytes;
    private bool _closed;

    public enum Entry
    {
        Taken,
        Full,
        Closed,
    }

    public Entry TryAdd(SqliteWork work)
    {
        lock (_lock)
        {
            if (_closed)
                return Entry.Closed;
            if (_waiting.Count >= maxCount || (_waiting.Count > 0 && _bytes + work.Bytes > maxBytes))
                return Entry.Full;
            _waiting.Enqueue(work);
            _bytes += work.Bytes;
            Monitor.Pulse(_lock);
            return Entry.Taken;
        }
    }

    /// <summary>Waits for work and moves at most so much of it into the batch; false once closed and empty.</summary>
    public bool Take(List<SqliteWork> batch, int most)
    {
        lock (_lock)
        {
            while (_waiting.Count == 0)
            {
                if (_closed)
                    return false;
                Monitor.Wait(_lock);
            }

            while (batch.Count < most && _waiting.TryDequeue(out var work))
            {
                _bytes -= work.Bytes;
                batch.Add(work);
            }

            return true;
        }
    }

    /// <summary>Takes nothing more; what waits is still handed out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }
}
