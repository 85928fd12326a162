using Verb.Actors.Mailboxes;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>
/// Messages of peers who have heard before this node that it owns a shard. They are kept until it has heard it, too, and then taken in their
/// order. Bounded, as a mailbox is; safe for concurrent use.
/// </summary>
internal sealed class EarlyMessages
{
    /// <summary>How many are kept.</summary>
    public const int Most = 10_000;

    /// <summary>How many bytes of what clients sent are kept.</summary>
    public const long MostBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<(int Shard, long Term, NodeId Peer, NodeMessage Message)> _kept = [];
    private int _count;
    private long _bytes;

    /// <summary>What became of a message.</summary>
    public enum Fate
    {
        /// <summary>It is not early; what was kept before it has been taken.</summary>
        InTime,

        /// <summary>It waits.</summary>
        Kept,

        /// <summary>It is early, and there is no room for it.</summary>
        Refused,
    }

    /// <summary>Whether anything is kept.</summary>
    public bool Any => Volatile.Read(ref _count) > 0;

    /// <summary>Keeps a message if it is early.</summary>
    public Fate Keep(int shard, long term, NodeId peer, NodeMessage message, Func<bool> isEarly)
    {
        lock (_lock)
        {
            if (!isEarly())
                return Fate.InTime;
            var (size, isBounded) = Of(message);
            if (isBounded && (message.MayDrop || _kept.Count >= Most || _bytes + size > MostBytes))
                return Fate.Refused;
            _kept.Add((shard, term, peer, message));
            _bytes += size;
            Volatile.Write(ref _count, _kept.Count);
            return Fate.Kept;
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
            Remove(kept => kept.Shard == shard);
        }
    }

    /// <summary>Forgets what was kept of shards that went elsewhere, as far as it is not of a term that this node has still to hear of.</summary>
    public void Forget(IReadOnlySet<int> shards, Func<int, long> knownTerm) =>
        Forget(kept => shards.Contains(kept.Shard) && kept.Term <= knownTerm(kept.Shard));

    /// <summary>Forgets what a node said that is dead.</summary>
    public void Forget(NodeId peer) => Forget(kept => kept.Peer == peer);

    private void Forget(Predicate<(int Shard, long Term, NodeId Peer, NodeMessage Message)> which)
    {
        if (!Any)
            return;
        lock (_lock)
            Remove(which);
    }

    private void Remove(Predicate<(int Shard, long Term, NodeId Peer, NodeMessage Message)> which)
    {
        _kept.RemoveAll(which);
        _bytes = _kept.Sum(kept => Of(kept.Message).Bytes);
        Volatile.Write(ref _count, _kept.Count);
    }

    private static (long Bytes, bool IsBounded) Of(NodeMessage message) => message switch
    {
        NodeMessage.ToRoom { Message: var told } => (told switch
        {
            RoomMessage.Publish publish => publish.Message.Length,
            RoomMessage.SendEvent sent => sent.Body.Length,
            RoomMessage.ShareFile shared => shared.Event.Length,
            _ => 0,
        }, told is not IControlMessage),
        NodeMessage.ToTopic { Message: var told } => ((told as TopicMessage.Publish)?.Body.Length ?? 0, told is not IControlMessage),
        NodeMessage.ToUser { Message: var told } => ((told as UserMessage.Send)?.Body.Length ?? 0, told is not IControlMessage),
        _ => (0, false),
    };
}
