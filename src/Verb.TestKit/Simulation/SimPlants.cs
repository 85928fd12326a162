namespace Verb.TestKit.Simulation;

/// <summary>Bugs to plant, one at a time, so that the checker can be seen to find them. As it stands nothing is broken.</summary>
internal sealed record SimPlants
{
    /// <summary>Off: a store takes writes of any term.</summary>
    public bool Fences { get; init; } = true;

    /// <summary>Off: a new owner takes a shard while a write of the old one is under way, as with <c>FOR KEY SHARE</c>.</summary>
    public bool ClaimsWaitForWrites { get; init; } = true;

    /// <summary>Off: what a node left open when it was judged dead goes on.</summary>
    public bool EndsWhatIsOpen { get; init; } = true;

    /// <summary>On: a write is said to be committed when it has only begun.</summary>
    public bool AcknowledgesBeforeCommit { get; init; }

    /// <summary>On: a shard may be claimed although its owner lives.</summary>
    public bool ClaimsFromTheLiving { get; init; }

    /// <summary>Off: a change of owner leaves the term as it is.</summary>
    public bool RaisesTerms { get; init; } = true;

    /// <summary>Off: no lease ever runs out.</summary>
    public bool LeasesExpire { get; init; } = true;

    /// <summary>Off: the lock of a dead process is never free.</summary>
    public bool LocksAreFreed { get; init; } = true;

    /// <summary>On: a room is opened without its window of message ids.</summary>
    public bool ForgetsMessageIds { get; init; }

    /// <summary>On: a room that had messages is opened with an older last number, as if the last one was not there.</summary>
    public bool ForgetsLastSeq { get; init; }

    /// <summary>On: a room that is opened begins a new epoch each time.</summary>
    public bool DrawsEpochs { get; init; }

    /// <summary>Drops what it says yes to on its way between nodes.</summary>
    public Func<Verb.Actors.Sharding.NodeMessage, bool> Loses { get; init; } = static _ => false;

    /// <summary>Changes what travels between nodes.</summary>
    public Func<Verb.Actors.Sharding.NodeMessage, Verb.Actors.Sharding.NodeMessage> Alters { get; init; } = static message => message;

    /// <summary>Off: a link that dropped messages never says so.</summary>
    public bool TellsRecovery { get; init; } = true;
}
