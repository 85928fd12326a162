using Verb.Actors.Kernel;

namespace Verb.TestKit.Dispatching;

/// <summary>
/// Runs everything on the thread that calls <see cref="RunUntilIdle"/>, in an order drawn from a seed: ready actors, and what their awaits
/// continue with. The same seed and the same calls give the same run.
/// </summary>
public sealed class SeededDispatcher(int seed) : IDispatcher
{
    private const int EndlessAfter = 50_000_000;

    private readonly Lock _gate = new();
    private readonly List<Work> _ready = [];
    private readonly Random _random = new(seed);
    private bool _running;

    /// <summary>What the order is drawn from.</summary>
    public int Seed { get; } = seed;

    /// <summary>How many pieces of work have run.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether nothing is ready.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _ready.Count == 0;
        }
    }

    /// <inheritdoc/>
    public void Schedule(IThreadPoolWorkItem cell) => Add(new Work(static cell => ((IThreadPoolWorkItem)cell!).Execute(), cell));

    /// <summary>Runs what is ready, and what becomes ready by that, until nothing is.</summary>
    /// <exception cref="InvalidOperationException">Called from work it runs, or the work never ends.</exception>
    public void RunUntilIdle()
    {
        if (_running)
            throw new InvalidOperationException("What the dispatcher runs cannot run the dispatcher.");
        var steps = 0;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new SeededContext(this));
        _running = true;
        try
        {
            while (TryTake(out var work))
            {
                Steps++;
                if (++steps > EndlessAfter)
                    throw new InvalidOperationException($"Not idle after {EndlessAfter:N0} steps (seed {Seed}).");
                work.Callback(work.State);
            }
        }
        finally
        {
            _running = false;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs asynchronous test code among the actors, awaits included, until all is idle.</summary>
    /// <exception cref="InvalidOperationException">Idle, yet the code still waits for something.</exception>
    public void Run(Func<Task> code)
    {
        Task? task = null;
        Add(new Work(_ => task = code(), null));
        RunUntilIdle();
        if (task is not { IsCompleted: true })
            throw new InvalidOperationException($"The code waits for something that does not come (seed {Seed}).");
        task.GetAwaiter().GetResult();
    }

    internal void Post(SendOrPostCallback callback, object? state) => Add(new Work(callback, state));

    private void Add(Work work)
    {
        lock (_gate)
            _ready.Add(work);
    }

    private bool TryTake(out Work work)
    {
        lock (_gate)
        {
            work = default;
            if (_ready.Count == 0)
                return false;
            var index = _random.Next(_ready.Count);
            work = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            return true;
        }
    }

    private readonly record struct Work(SendOrPostCallback Callback, object? State);
}
