namespace Verb.Actors.Kernel;

/// <summary>One running timer of one actor. It queues itself when it fires, so it is in the mailbox at most once.</summary>
internal abstract class KeyedTimer(ActorCell owner, object key, TimeSpan period) : Notice
{
    private volatile bool _queued;

    public ActorCell Owner { get; } = owner;

    public object Key { get; } = key;

    /// <summary>Zero where it fires once.</summary>
    public TimeSpan Period { get; } = period;

    /// <summary>Set on the owner's turn, where firing is handled, too.</summary>
    public bool Cancelled { get; set; }

    /// <summary>Under the owner's lock to set; cleared on the owner's turn once it is out of the list.</summary>
    public bool Queued
    {
        get => _queued;
        set => _queued = value;
    }

    /// <summary>The sweep's own: when, in what order among equals, and where in its heap (-1: not in it).</summary>
    public TimeSpan Due { get; set; }

    public long Order { get; set; }

    public int HeapIndex { get; set; } = -1;
}

/// <inheritdoc/>
internal sealed class KeyedTimer<TMessage>(ActorCell owner, object key, TMessage message, TimeSpan period) : KeyedTimer(owner, key, period)
{
    public TMessage Message { get; } = message;
}
