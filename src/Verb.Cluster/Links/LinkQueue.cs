using System.Threading.Tasks.Sources;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Cluster.Links;

/// <summary>
/// What waits to be sent over a link: bounded in messages and bytes, both counted until they are handed to the socket. Beyond half of either
/// bound the link is behind, and what may be dropped is, until less than a quarter waits. Safe for concurrent use; one takes, on a thread of the pool.
/// </summary>
internal sealed class LinkQueue(int maxMessages, long maxBytes) : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly HashSet<RoomId> _rooms = [];
    private readonly HashSet<TopicName> _topics = [];
    private List<OutgoingFrame> _waiting = [];
    private ManualResetValueTaskSourceCore<bool> _any;
    private bool _takerWaits;
    private int _messages;
    private long _bytes;
    private bool _behind;
    private bool _closed;

    /// <summary>Whether the message is dropped, because it may be and the link is behind.</summary>
    /// <param name="message">The message.</param>
    /// <param name="first">Whether it is the first that is dropped since the link kept up.</param>
    public bool Drops(NodeMessage message, out bool first)
    {
        first = false;
        if (!message.MayDrop)
            return false;
        lock (_lock)
        {
            if (!_behind && _messages <= maxMessages / 2 && _bytes <= maxBytes / 2)
                return false;
            first = !_behind;
            _behind = true;
            Remember(message);
            return true;
        }
    }

    /// <summary>Adds a frame; false where there is no room for it, or the queue is closed.</summary>
    public bool Add(OutgoingFrame frame)
    {
        bool wakes;
        lock (_lock)
        {
            if (_closed || _messages + 1 > maxMessages || _bytes + frame.Size > maxBytes)
                return false;
            _messages++;
            _bytes += frame.Size;
            _waiting.Add(frame);
            (wakes, _takerWaits) = (_takerWaits, false);
        }

        if (wakes)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Adds the frame that says that this node is there, unless others wait that say it, too.</summary>
    public void Ping()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
                return;
        }

        Add(default);
    }

    /// <summary>Waits until there is something to take; false where the queue was closed.</summary>
    public ValueTask<bool> Any()
    {
        lock (_lock)
        {
            if (_closed || _waiting.Count > 0)
                return new(!_closed);
            _any.Reset();
            _takerWaits = true;
            return new(this, _any.Version);
        }
    }

    /// <summary>Takes all that waits, in exchange for an empty list.</summary>
    public List<OutgoingFrame> Take(List<OutgoingFrame> empty)
    {
        lock (_lock)
        {
            (empty, _waiting) = (_waiting, empty);
            return empty;
        }
    }

    /// <summary>What was taken is sent. Says whose messages were dropped, once, where that brought the link up to date again.</summary>
    public LinkRecovery? Sent(int messages, long bytes)
    {
        lock (_lock)
        {
            _messages -= messages;
            _bytes -= bytes;
            if (!_behind || _messages >= maxMessages / 4 || _bytes >= maxBytes / 4)
                return null;
            _behind = false;
            var recovery = new LinkRecovery([.. _rooms], [.. _topics]);
            _rooms.Clear();
            _topics.Clear();
            return recovery;
        }
    }

    /// <summary>Nothing is taken or added any more.</summary>
    public void Close()
    {
        bool wakes;
        lock (_lock)
        {
            _closed = true;
            _waiting = [];
            (wakes, _takerWaits) = (_takerWaits, false);
        }

        if (wakes)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>The one who takes goes on.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        bool closed;
        lock (_lock)
            closed = _closed;
        _any.SetResult(!closed);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _any.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _any.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _any.OnCompleted(continuation, state, token, flags);

    private void Remember(NodeMessage message)
    {
        if (message is NodeMessage.ToRelay to)
            _rooms.Add(to.Room);
        else if (message is NodeMessage.ToTopicRelay topic)
            _topics.Add(topic.Topic);
    }
}

/// <summary>A frame to be sent; without a message it only says: I am here.</summary>
internal readonly record struct OutgoingFrame(Wire.Envelope? Message, int Size);

/// <summary>Whose messages were dropped while a link was behind.</summary>
internal sealed record LinkRecovery(IReadOnlyCollection<RoomId> Rooms, IReadOnlyCollection<TopicName> Topics);
