using Verb.Actors.Mailboxes;

namespace Verb.Actors.Sharding;

/// <summary>What a coordinator is told. A closed set; none may be refused.</summary>
internal abstract record CoordinatorMessage : IControlMessage
{
    private CoordinatorMessage()
    {
    }

    /// <summary>Become a node of the cluster.</summary>
    public sealed record Join(TaskCompletionSource Done) : CoordinatorMessage;

    /// <summary>Give every shard away and take none.</summary>
    public sealed record Drain(TaskCompletionSource Done) : CoordinatorMessage;

    /// <summary>Drain, and be no node any more.</summary>
    public sealed record Leave(TaskCompletionSource Done) : CoordinatorMessage;

    /// <summary>A link to a peer stands.</summary>
    public sealed record LinkUp(NodeId Peer, long Session) : CoordinatorMessage;

    /// <summary>A link to a peer is gone: the peer is suspect.</summary>
    public sealed record LinkDown(NodeId Peer) : CoordinatorMessage;

    /// <summary>A peer says who owns these shards.</summary>
    public sealed record Owners(IReadOnlyList<ShardRow> Shards) : CoordinatorMessage;

    /// <summary>A write was refused: another node owns the shard.</summary>
    public sealed record FenceLost(Fence Fence) : CoordinatorMessage;

    internal sealed record Joined(long Incarnation) : CoordinatorMessage;

    internal sealed record Listening : CoordinatorMessage;

    internal sealed record JoinFailed(Exception Cause) : CoordinatorMessage;

    internal sealed record RenewDue : CoordinatorMessage;

    internal sealed record Renewed(DirectoryView? View, long SentAt) : CoordinatorMessage;

    internal sealed record Judged(NodeRow Node, bool IsDead) : CoordinatorMessage;

    internal sealed record Claimed(IReadOnlyList<ShardRow> Shards) : CoordinatorMessage;

    internal sealed record HandedOver(NodeId Target, IReadOnlyList<ShardRow> Shards) : CoordinatorMessage;

    internal sealed record RetireOver : CoordinatorMessage;

    internal sealed record MarkedDraining : CoordinatorMessage;

    /// <summary>After a failure the directory is left alone for a while; that is over.</summary>
    internal sealed record Rested : CoordinatorMessage;

    /// <summary>The database may know by now that a peer whose link ended is gone.</summary>
    internal sealed record SuspectAgain(int Times) : CoordinatorMessage;

    /// <summary>The links of an expelled life are cut.</summary>
    internal sealed record Cut : CoordinatorMessage;

    internal sealed record Left : CoordinatorMessage;

    internal sealed record Failed : CoordinatorMessage;
}
