namespace Verb.TestKit.Dispatching;

/// <summary>
/// Runs everything on the thread that calls <see cref="RunUntilIdle"/>, in an order drawn from a seed: ready actors, and what their awaits
/// continue with. The same seed and the same calls give the same run.
/// </summary>
public sealed class SeededDispatcher : IPump
{
    private const int EndlessAfter = 50_000_000;

    private readonly Lock _gate = new();
    private readonly List<Task> _ready = [];
    private readonly Random _random;
    private int _runner;
    private string? _escape;

    /// <summary>Nothing is ready yet.</summary>
    public SeededDispatcher(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
        Tasks = new PumpTasks(this);
    }

    /// <summary>What the order is drawn from.</summary>
    public int Seed { get; }

    /// <summary>How many pieces of work have run.</summary>
    public long Steps { get; private set; }

    internal PumpTasks Tasks { get; }

    /// <summary>Whether nothing is ready.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _ready.Count == 0;
        }
    }

    /// <summary>Makes a piece of work ready.</summary>
    public void Schedule(IThreadPoolWorkItem item) => Tasks.Post(static state => ((IThreadPoolWorkItem)state!).Execute(), item);

    /// <summary>Runs what is ready, and what becomes ready by that, until nothing is.</summary>
    /// <exception cref="InvalidOperationException">
    /// Called from work it runs, or the work never ends, or an actor used a thread that is not the test's.
    /// </exception>
    public void RunUntilIdle()
    {
        if (_runner != 0)
            throw new InvalidOperationException("What the dispatcher runs cannot run the dispatcher.");
        var steps = 0;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _runner = Environment.CurrentManagedThreadId;
        try
        {
            while (TryTake(out var task))
            {
                Steps++;
                if (++steps > EndlessAfter)
                    throw new InvalidOperationException($"Not idle after {EndlessAfter:N0} steps (seed {Seed}).");
                Tasks.Execute(task);
            }
        }
        finally
        {
            _runner = 0;
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        if (Interlocked.Exchange(ref _escape, null) is { } stack)
            throw new InvalidOperationException($"Something ran on a thread that is not the test's, so that no seed repeats it:\n{stack}");
    }

    /// <summary>Runs asynchronous test code among the actors, awaits included, until all is idle.</summary>
    /// <exception cref="InvalidOperationException">Idle, yet the code still waits for something.</exception>
    public void Run(Func<Task> code)
    {
        var task = Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.None, Tasks).Unwrap();
        RunUntilIdle();
        if (!task.IsCompleted)
            throw new InvalidOperationException($"The code waits for something that does not come (seed {Seed}).");
        task.GetAwaiter().GetResult();
    }

    void IPump.Ready(Task task)
    {
        if (_runner != 0 && _runner != Environment.CurrentManagedThreadId)
            _escape ??= Environment.StackTrace;
        lock (_gate)
            _ready.Add(task);
    }

    private bool TryTake(out Task task)
    {
        lock (_gate)
        {
            task = null!;
            if (_ready.Count == 0)
                return false;
            var index = _random.Next(_ready.Count);
            task = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            return true;
        }
    }
}
