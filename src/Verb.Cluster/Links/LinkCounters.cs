namespace Verb.Cluster.Links;

/// <summary>What went over a node's links since it started. Read at any time.</summary>
internal sealed class LinkCounters
{
    private long _messagesIn;
    private long _messagesOut;
    private long _bytesIn;
    private long _bytesOut;
    private long _dropped;
    private long _unknown;
    private long _tooLarge;
    private long _refused;
    private long _reconnects;
    private int _linksUp;

    /// <summary>Messages that arrived.</summary>
    public long MessagesIn => Interlocked.Read(ref _messagesIn);

    /// <summary>Messages that were sent.</summary>
    public long MessagesOut => Interlocked.Read(ref _messagesOut);

    /// <summary>Bytes that arrived, frames and pings included.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes that were sent, frames and pings included.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Messages that were dropped because a link was behind.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Messages of a newer version that were ignored.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    /// <summary>Messages that were not sent because they are larger than a link takes.</summary>
    public long TooLarge => Interlocked.Read(ref _tooLarge);

    /// <summary>Connections that did not become links.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Links to a peer that had been linked before.</summary>
    public long Reconnects => Interlocked.Read(ref _reconnects);

    /// <summary>Links that stand.</summary>
    public int LinksUp => Volatile.Read(ref _linksUp);

    public void Received(int messages, long bytes)
    {
        Interlocked.Add(ref _messagesIn, messages);
        Interlocked.Add(ref _bytesIn, bytes);
    }

    public void Sent(int messages, long bytes)
    {
        Interlocked.Add(ref _messagesOut, messages);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    public void OnDropped() => Interlocked.Increment(ref _dropped);

    public void OnUnknown() => Interlocked.Increment(ref _unknown);

    public void OnTooLarge() => Interlocked.Increment(ref _tooLarge);

    public void OnRefused() => Interlocked.Increment(ref _refused);

    public void OnLinkUp(bool again)
    {
        Interlocked.Increment(ref _linksUp);
        if (again)
            Interlocked.Increment(ref _reconnects);
    }

    public void OnLinkDown() => Interlocked.Decrement(ref _linksUp);
}
