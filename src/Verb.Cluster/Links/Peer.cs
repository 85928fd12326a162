using Microsoft.Extensions.Logging;
using Verb.Actors.Sharding;
using Verb.Cluster.Links.Handshake;

namespace Verb.Cluster.Links;

/// <summary>One life of a node that this one is to be linked to, and the one link to it. What it tells of the link comes one after the other.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly bool _dialsFirst;
    private readonly INodeLinkEvents _events;
    private readonly LinkCounters _counters;
    private readonly ILogger _logger;
    private TaskCompletionSource _free = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Link? _link;
    private Task _cancelled = Task.CompletedTask;
    private bool _linkedBefore;

    public Peer(NodeId self, NodeRow row, INodeLinkEvents events, LinkCounters counters, ILogger logger)
    {
        (Id, Incarnation, Address, _events, _counters, _logger) = (row.Id, row.Incarnation, row.Address, events, counters, logger);
        _dialsFirst = string.CompareOrdinal(self.Value, row.Id.Value) < 0;
        _free.SetResult();
        Gone = _gone.Token;
    }

    public NodeId Id { get; }

    public string Name => Id.Value;

    public long Incarnation { get; }

    /// <summary>Where it is dialled.</summary>
    public string Address { get; set; }

    /// <summary>Whether a link that this node dialled is kept where both have dialled: the ordinally smaller id's is.</summary>
    public bool DialsFirst => _dialsFirst;

    /// <summary>Ends when the peer is not to be linked to any more.</summary>
    public CancellationToken Gone { get; }

    /// <summary>The link that stands.</summary>
    public Link? Link => Volatile.Read(ref _link);

    /// <summary>Completes when there is no link.</summary>
    public Task Free
    {
        get
        {
            lock (_turn)
                return _free.Task;
        }
    }

    /// <summary>Takes a link on, in place of one that is not to be kept beside it; false where the one that stands is.</summary>
    public bool Seat(Link link)
    {
        lock (_turn)
        {
            if (Gone.IsCancellationRequested)
                return false;
            if (_link is { } old)
            {
                // Who dials again has lost the earlier link; of two that were dialled at once both sides keep the same.
                if (link.Side != old.Side && link.Side != (_dialsFirst ? LinkSide.Dialler : LinkSide.Acceptor))
                    return false;
                Unseat(old, "another took its place");
            }

            _free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _link, link);
            _counters.OnLinkUp(_linkedBefore);
            _linkedBefore = true;
            LinkLog.LinkUp(_logger, Name, Address);
            _events.LinkUp(Id, link.Session);
            return true;
        }
    }

    /// <summary>A message that came over a link; what comes over one that was replaced is not heard.</summary>
    public void Deliver(Link link, NodeMessage message)
    {
        lock (_turn)
        {
            if (_link == link)
                _events.Received(Id, message);
        }
    }

    /// <summary>A link keeps up again.</summary>
    public void Recovered(Link link, LinkRecovery recovery)
    {
        lock (_turn)
        {
            if (_link != link)
                return;
            LinkLog.Recovered(_logger, Name, recovery.Rooms.Count, recovery.Topics.Count);
            _events.Recovered(Id, recovery.Rooms, recovery.Topics);
        }
    }

    /// <summary>A link has ended.</summary>
    public void Ended(Link link)
    {
        lock (_turn)
        {
            if (_link == link)
                Unseat(link, "it was closed");
        }
    }

    /// <summary>Cuts the link, for good.</summary>
    public void Forget(string why)
    {
        lock (_turn)
        {
            if (_link is { } link)
                Unseat(link, why);
            _cancelled = _gone.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task cancelled;
        lock (_turn)
            cancelled = _cancelled;
        await cancelled;
        _gone.Dispose();
    }

    private void Unseat(Link link, string why)
    {
        link.Cut(why);
        Volatile.Write(ref _link, null);
        _counters.OnLinkDown();
        LinkLog.LinkDown(_logger, Name, link.Why ?? why);
        _events.LinkDown(Id);
        _free.TrySetResult();
    }
}
