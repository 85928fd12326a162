namespace Verb.Actors.Sharding;

/// <summary>What a node knows of one shard. Immutable: whoever routes by it has one consistent picture.</summary>
/// <param name="State">Where the shard is.</param>
/// <param name="Owner">Its owner; null where none is known.</param>
/// <param name="Term">The owner's term, the highest known.</param>
/// <param name="Session">The session with the owner that what is sent to it goes over; 0 where none stands.</param>
/// <param name="Version">Differs after everything that may have lost what was sent by an earlier picture.</param>
internal sealed record ShardEntry(ShardState State, NodeId? Owner, long Term, long Session, int Version)
{
    /// <summary>Of a node that is alone: it holds everything, always.</summary>
    public static ShardEntry Alone { get; } = new(ShardState.Held, null, 1, 0, 0);
}

/// <summary>Where a shard is, seen from one node.</summary>
internal enum ShardState
{
    /// <summary>Nobody is known to own it, or its owner is dead.</summary>
    Unowned,

    /// <summary>Another node owns it.</summary>
    Elsewhere,

    /// <summary>This node owns it.</summary>
    Held,

    /// <summary>This node gives it away.</summary>
    Moving,
}
