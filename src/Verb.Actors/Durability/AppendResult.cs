namespace Verb.Actors.Durability;

/// <summary>What became of a write.</summary>
public enum AppendResult
{
    /// <summary>Committed: it survives a crash as far as the store survives crashes at all.</summary>
    Committed,

    /// <summary>Nothing was stored: another owner has a higher term. The writer drops the shard at once.</summary>
    FenceLost,

    /// <summary>Nothing was stored: too much is waiting to be written. The same write may be tried again.</summary>
    Overloaded,
}
