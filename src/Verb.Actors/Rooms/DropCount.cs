namespace Verb.Actors.Rooms;

/// <summary>How much was dropped because this node was behind. Safe for concurrent use.</summary>
internal sealed class DropCount
{
    private long _dropped;

    /// <summary>How much it was so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Something is dropped.</summary>
    public void Add() => Interlocked.Increment(ref _dropped);
}
