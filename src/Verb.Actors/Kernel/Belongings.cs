namespace Verb.Actors.Kernel;

/// <summary>What only some actors have, so that the others do not carry it. Made on the owner's turn.</summary>
internal sealed class Belongings
{
    public Siblings Children { get; } = new();

    public Notices Notices { get; } = new();

    public HashSet<ActorCell>? Watchers { get; set; }

    public HashSet<ActorCell>? Watching { get; set; }

    public Dictionary<object, KeyedTimer>? Timers { get; set; }

    public KeyedTimer? ReceiveTimeout { get; set; }

    /// <summary>The timestamp of the last message told, kept up to date while there is a <see cref="ReceiveTimeout"/>.</summary>
    public long LastReceived { get; set; }

    public Suspension? Suspension { get; set; }

    public RestartHistory? Restarts { get; set; }

    /// <summary>Why it is being restarted.</summary>
    public Exception? Cause { get; set; }

    /// <summary>Why it could not start, while it waits for what becomes of its parent.</summary>
    public Exception? FailedToStart { get; set; }

    /// <summary>The children that wait for what becomes of this actor.</summary>
    public List<ActorCell>? Escalating { get; set; }

    public List<TaskCompletionSource>? AwaitingEnd { get; set; }
}
