namespace Verb.Actors.Connections;

/// <summary>What the connections of a node have done so far, together. Safe for concurrent use.</summary>
internal sealed class ConnectionCounters
{
    private long _commands;
    private long _refused;
    private long _written;
    private long _writtenBytes;
    private long _shed;
    private long _tooSlow;

    /// <summary>Commands taken.</summary>
    public long Commands => Interlocked.Read(ref _commands);

    /// <summary>Commands refused, malformed frames included.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Messages written to sockets.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Bytes of messages written to sockets, before compression.</summary>
    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    /// <summary>Messages conflated, dropped or left to replay because a client read too slowly.</summary>
    public long Shed => Interlocked.Read(ref _shed);

    /// <summary>Connections closed with 4005.</summary>
    public long TooSlow => Interlocked.Read(ref _tooSlow);

    internal void Command() => Interlocked.Increment(ref _commands);

    internal void Refusal() => Interlocked.Increment(ref _refused);

    internal void Wrote(long messages, long bytes)
    {
        Interlocked.Add(ref _written, messages);
        Interlocked.Add(ref _writtenBytes, bytes);
    }

    internal void Dropped(long messages) => Interlocked.Add(ref _shed, messages);

    internal void ClosedTooSlow() => Interlocked.Increment(ref _tooSlow);
}
