namespace Verb.Actors.Kernel;

/// <summary>The world actors live in: one clock, one dispatcher, one set of timers. Every member may be called from any thread.</summary>
public sealed class ActorSystem : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Siblings _actors = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;
    private int _actorCount;
    private long _deadLetterCount;

    /// <summary>An empty system.</summary>
    public ActorSystem(ActorSystemOptions options)
    {
        Options = options;
        Timers = new TimerSweep(options.Clock);
        Steady = new SteadyTime(options.Clock);
    }

    /// <summary>How many actors there are, children and those just stopping included.</summary>
    public int ActorCount => Volatile.Read(ref _actorCount);

    /// <summary>How many messages reached nobody, not counting those that were refused.</summary>
    public long DeadLetterCount => Interlocked.Read(ref _deadLetterCount);

    /// <summary>How many timers and receive timeouts are running.</summary>
    public int TimerCount => Timers.Count;

    /// <summary>The time all actors see.</summary>
    public TimeProvider Clock => Options.Clock;

    internal ActorSystemOptions Options { get; }

    internal IDispatcher Dispatcher => Options.Dispatcher;

    internal TimerSweep Timers { get; }

    internal SteadyTime Steady { get; }

    /// <summary>Starts a top-level actor.</summary>
    /// <exception cref="ObjectDisposedException">The system is ending.</exception>
    public IActorRef<T> Spawn<T>(Props<T> props, string name)
    {
        var cell = new ActorCell<T>(this, null, props, name);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _actors.Add(cell);
            ActorStarted();
        }

        Dispatcher.Schedule(cell);
        return cell;
    }

    /// <summary>Ends an actor after its current message; stopping one that has stopped is no mistake.</summary>
    public void Stop(IActorRef actor) => CellOf(actor).Stop();

    /// <summary>As <see cref="Stop"/>; the task completes when the actor and all below it have ended. Not to be awaited by that actor itself.</summary>
    public Task StopAndWait(IActorRef actor)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cell = CellOf(actor);
        cell.Stop();
        cell.Post(new SystemMessage.AwaitEnd(ended));
        return ended.Task;
    }

    /// <summary>Stops all actors; completes when the last has ended. An actor whose handler never completes holds it up.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                foreach (var cell in _actors)
                    cell.Stop();
                EndWhenEmpty();
            }
        }

        return new ValueTask(_ended.Task);
    }

    internal void ActorStarted() => Interlocked.Increment(ref _actorCount);

    internal void ActorEnded() => Interlocked.Decrement(ref _actorCount);

    internal void TopLevelEnded(ActorCell cell)
    {
        lock (_gate)
        {
            _actors.Remove(cell);
            EndWhenEmpty();
        }
    }

    internal void DeadLetter(ActorCell cell, object message)
    {
        Interlocked.Increment(ref _deadLetterCount);
        Options.Observer?.DeadLetter(cell.Path, message);
    }

    internal void Failed(ActorCell cell, Exception exception, Directive directive) =>
        Options.Observer?.Failed(cell.Path, exception, directive);

    private ActorCell CellOf(IActorRef actor)
    {
        var cell = ActorCell.Of(actor);
        return cell.System == this ? cell : throw new ArgumentException($"{actor.Path} lives in another system.", nameof(actor));
    }

    private void EndWhenEmpty()
    {
        if (!_disposed || _actors.Count > 0)
            return;
        Timers.Dispose();
        _ended.TrySetResult();
    }
}
