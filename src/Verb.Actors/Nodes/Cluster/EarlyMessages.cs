using Verb.Actors.Sharding;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>
/// Messages of peers who have heard before this node that it owns a shard. They are kept until it has heard it, too, and then taken in their
/// order. Bounded; safe for concurrent use.
/// </summary>
internal sealed class EarlyMessages
{
    /// <summary>How many are kept; what comes beyond is dropped, and sent again by who is not answered.</summary>
    public const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly List<(int Shard, long Term, NodeId Peer, NodeMessage Message)> _kept = [];
    private int _count;

    /// <summary>Whether anything is kept.</summary>
    public bool Any => Volatile.Read(ref _count) > 0;

    /// <summary>Keeps a message if it is early. False where it is not: then what was kept before it has been taken.</summary>
    public bool TryKeep(int shard, long term, NodeId peer, NodeMessage message, Func<bool> isEarly)
    {
        lock (_lock)
        {
            if (!isEarly())
                return false;
            if (_kept.Count < Most)
                _kept.Add((shard, term, peer, message));
            Volatile.Write(ref _count, _kept.Count);
            return true;
        }
    }

    /// <summary>The shard's owner is this node once <paramref name="settle"/> has run: what was kept for it is taken before anything newer.</summary>
    public void Release(int shard, Action settle, Action<NodeId, NodeMessage> take)
    {
        lock (_lock)
        {
            settle();
            foreach (var (_, _, peer, message) in _kept.Where(kept => kept.Shard == shard))
                take(peer, message);
            _kept.RemoveAll(kept => kept.Shard == shard);
            Volatile.Write(ref _count, _kept.Count);
        }
    }

    /// <summary>Forgets what was kept of shards that went elsewhere, as far as it is not of a term that this node has still to hear of.</summary>
    public void Forget(IReadOnlySet<int> shards, Func<int, long> knownTerm)
    {
        if (Volatile.Read(ref _count) == 0)
            return;
        lock (_lock)
        {
            _kept.RemoveAll(kept => shards.Contains(kept.Shard) && kept.Term <= knownTerm(kept.Shard));
            Volatile.Write(ref _count, _kept.Count);
        }
    }
}
