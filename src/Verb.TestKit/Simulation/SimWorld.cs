namespace Verb.TestKit.Simulation;

/// <summary>
/// One thread on which a whole cluster runs: what is ready runs in an order drawn from a seed, and when nothing is, time moves on to what
/// is due next. The same seed and the same calls give the same run.
/// </summary>
internal sealed class SimWorld
{
    /// <summary>What is due at about the same time becomes ready together, so that the seed decides who is first.</summary>
    private const long Grain = TimeSpan.TicksPerMillisecond / 10;

    /// <summary>So many steps without time moving on are an endless loop.</summary>
    private const int EndlessAfter = 2_000_000;

    private readonly List<Work> _ready = [];
    private readonly PriorityQueue<Action, (long Due, long Order)> _due = new();
    private readonly List<(long Step, Action Action)> _atStep = [];
    private long _order;

    /// <summary>A world at its beginning.</summary>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="keepLines">Whether the trace is kept as text, too.</param>
    public SimWorld(int seed, bool keepLines = false)
    {
        Seed = seed;
        Random = new Random(seed);
        Trace = new SimTrace(keepLines);
    }

    /// <summary>What everything is drawn from.</summary>
    public int Seed { get; }

    /// <summary>The world's own dice: order, delays, outcomes.</summary>
    public Random Random { get; }

    /// <summary>What happened.</summary>
    public SimTrace Trace { get; }

    /// <summary>Ticks since the beginning.</summary>
    public long Now { get; private set; }

    /// <summary>How many pieces of work have run.</summary>
    public long Steps { get; private set; }

    /// <summary>Does something later, whatever becomes of any process.</summary>
    public void After(TimeSpan delay, Action action)
    {
        var due = Now + Math.Max(0, delay.Ticks);
        _due.Enqueue(action, ((due + Grain - 1) / Grain * Grain, _order++));
    }

    /// <summary>Does something after so many further steps, wherever in its work the cluster is then.</summary>
    public void AfterSteps(int steps, Action action) => _atStep.Add((Steps + steps, action));

    /// <summary>A time drawn between two.</summary>
    public TimeSpan Draw(TimeSpan least, TimeSpan most) => TimeSpan.FromTicks(Random.NextInt64(least.Ticks, most.Ticks + 1));

    /// <summary>Whether something of this likelihood happens now.</summary>
    public bool Chance(double likelihood) => likelihood > 0 && Random.NextDouble() < likelihood;

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan time)
    {
        var end = Now + time.Ticks;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            RunReady();
            while (_due.TryPeek(out _, out var next) && next.Due <= end)
            {
                Now = Math.Max(Now, next.Due);
                while (_due.TryPeek(out _, out var same) && same.Due <= Now)
                    _due.Dequeue()();

                RunReady();
            }

            Now = end;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    internal void Ready(SimProcess process, Task task) => _ready.Add(new Work(process, task));

    private void RunReady()
    {
        var steps = 0;
        while (_ready.Count > 0)
        {
            if (_atStep.Count > 0)
                RunAtStep();
            var index = _ready.Count == 1 ? 0 : Random.Next(_ready.Count);
            var work = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            if (!work.Process.Takes(work.Task))
                continue;
            Steps++;
            if (++steps > EndlessAfter)
                throw new InvalidOperationException($"Not idle after {EndlessAfter:N0} steps at one time (seed {Seed}).");
            work.Process.Tasks.Execute(work.Task);
            if (work.Task.Exception is { } failure)
                throw new InvalidOperationException($"{work.Process} failed outside its actors (seed {Seed}).", failure);
        }
    }

    private void RunAtStep()
    {
        for (var i = 0; i < _atStep.Count; i++)
        {
            if (_atStep[i].Step > Steps)
                continue;
            var action = _atStep[i].Action;
            _atStep.RemoveAt(i--);
            action();
        }
    }

    private readonly record struct Work(SimProcess Process, Task Task);
}
