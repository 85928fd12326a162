using Akka.Actor.Internal;
using Verb.Actors.Sharding;

namespace Verb.TestKit.Worlds;

/// <content>What runs when, and on which thread.</content>
public sealed partial class World
{
    /// <summary>Marks whatever an actor starts, wherever it goes on.</summary>
    private static readonly AsyncLocal<World?> Inner = new();

    private readonly PriorityQueue<Work, Turn> _ready = new();
    private readonly List<(long Step, Action Action)> _atSteps = [];
    private readonly ExecutionContext _context;
    private readonly WorldTasks _tasks;
    private readonly Random _diceInside;
    private readonly Random _diceOutside;
    private readonly ulong _draw;
    private readonly ulong _window;
    private long _endlessAt = long.MaxValue;
    private long _stopAt = long.MaxValue;
    private volatile int _thread;
    private volatile bool _busy;
    private bool _running;
    private bool _held;

    /// <summary>
    /// Whether the calling thread is the world's. An idle eager world goes along with its test, but not with what an actor has started.
    /// </summary>
    /// <param name="completes">
    /// Whether the call completes a task. The machine's timers do so without the mark, and without the synchronization context that a test has.
    /// </param>
    internal bool IsOnItsThread(bool completes = false)
    {
        var thread = Environment.CurrentManagedThreadId;
        if (thread == _thread)
            return true;
        if (!IsEager || _busy || Inner.Value is not null || (completes && SynchronizationContext.Current is null))
            return false;
        _thread = thread;
        return true;
    }

    internal void Escaped(string what) => Escapes.Add(what);

    /// <summary>Makes a step ready; the caller is on the world's thread.</summary>
    internal void Add(in Work work)
    {
        Push(work);
        if (IsEager && !_running && !_held)
            Pump();
    }

    /// <summary>Makes steps ready that come from anywhere.</summary>
    internal void Post(params ReadOnlySpan<Work> works)
    {
        if (!IsOnItsThread())
        {
            Escaped("Something for a process");
            return;
        }

        foreach (var work in works)
            Push(work);
        if (IsEager && !_running && !_held)
            Pump();
    }

    internal void Set(WorldTimer timer, TimeSpan delay)
    {
        if (IsOnItsThread())
            Timers.Add(timer, Ticks + Math.Max(0, delay.Ticks));
        else
            Escaped("A timer");
    }

    /// <summary>Runs code as an actor of a process would run it, at once. An idle world is eager meanwhile, for what it waits for.</summary>
    internal T Inside<T>(WorldTasks tasks, Func<T> code)
    {
        if (!_running)
            Enter();
        var (eager, busy) = (IsEager, _busy);
        (IsEager, _busy) = (true, true);
        T result = default!;
        try
        {
            Shielded(() => ExecutionContext.Run(_context, _ => result = tasks.Run(code), null));
            return result;
        }
        finally
        {
            (IsEager, _busy) = (eager, busy);
        }
    }

    /// <summary>Runs steps of one process as long as it is its turn; called within a task of it.</summary>
    internal void RunSteps(WorldTasks tasks)
    {
        while (Steps < _stopAt && _ready.TryPeek(out var work, out _) && !work.IsNeutral && TasksOf(work) == tasks)
            RunNext(tasks, work);
    }

    private ExecutionContext Marked()
    {
        var before = Inner.Value;
        Inner.Value = this;
        try
        {
            return ExecutionContext.Capture() ?? throw new InvalidOperationException("The flow of the execution context is suppressed here.");
        }
        finally
        {
            Inner.Value = before;
        }
    }

    /// <summary>The thread that calls a world in its own name is the world's from then on.</summary>
    private void Enter()
    {
        if (_running)
            throw new InvalidOperationException($"What the world runs cannot run the world, nor can another thread meanwhile (seed {Seed}).");
        _thread = Environment.CurrentManagedThreadId;
    }

    private void Outside(Action action)
    {
        var busy = _busy;
        _busy = true;
        try
        {
            Shielded(action);
        }
        finally
        {
            _busy = busy;
        }
    }

    /// <summary>Hides from what is run here what the test's thread carries.</summary>
    private void Shielded(Action action)
    {
        var cell = InternalCurrentActorCellKeeper.Current;
        var context = SynchronizationContext.Current;
        var dice = AkkaRandom.Swap(_diceInside);
        InternalCurrentActorCellKeeper.Current = null;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            InternalCurrentActorCellKeeper.Current = cell;

            // Another world's dice are not left on the thread: what it tells between its runs must not draw from them.
            AkkaRandom.Swap(dice == _diceInside ? dice : _diceOutside);
        }
    }

    private void Push(in Work work)
    {
        var draw = StableHash.Mix(work.Key ^ _draw);
        _ready.Enqueue(work, new Turn(Steps + (long)(draw & (_window - 1)), draw));
    }

    private void Pump()
    {
        if (_running)
            throw new InvalidOperationException($"What the world runs cannot run the world (seed {Seed}).");
        var busy = _busy;
        (_running, _busy) = (true, true);
        _endlessAt = Steps + MaxSteps;
        SetStop();
        try
        {
            Shielded(RunInContext);
        }
        finally
        {
            (_running, _busy) = (false, busy);
        }
    }

    private void RunInContext() => ExecutionContext.Run(_context, static world => ((World)world!).RunUntilIdle(), this);

    private void RunUntilIdle()
    {
        while (true)
        {
            if (Steps >= _stopAt)
                Stop();
            else if (!_ready.TryPeek(out var work, out _))
            {
                if (!FireDue())
                    return;
            }
            else if (work.IsNeutral)
                RunNext(TasksOf(work), work);
            else
                TasksOf(work).RunRow();
        }
    }

    private void RunNext(WorldTasks tasks, in Work work)
    {
        _ready.Dequeue();
        if (work.Process is { } process && !process.Takes(work))
            return;
        Steps++;
        work.Run(tasks);
    }

    private bool FireDue()
    {
        if (!Timers.TryTake(Ticks, out var timer))
            return false;
        do
            Push(new Work(timer, timer.Process, timer.Key, WorkKind.Timer));
        while (Timers.Grain > 1 && Timers.TryTake(Ticks, out timer));
        return true;
    }

    private WorldTasks TasksOf(in Work work) => work.Process?.Tasks ?? _tasks;

    /// <summary>Does what is to be done after so many steps, and ends what never ends.</summary>
    private void Stop()
    {
        if (Steps >= _endlessAt)
            throw new InvalidOperationException($"Not idle after {MaxSteps:N0} steps at {Now} (seed {Seed}).");
        for (var i = 0; i < _atSteps.Count; i++)
        {
            if (_atSteps[i].Step > Steps)
                continue;
            var action = _atSteps[i].Action;
            _atSteps.RemoveAt(i--);
            action();
        }

        SetStop();
    }

    private void SetStop()
    {
        _stopAt = _endlessAt;
        foreach (var (step, _) in _atSteps)
            _stopAt = Math.Min(_stopAt, step);
    }
}
