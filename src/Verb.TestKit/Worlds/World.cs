using Verb.Actors.Sharding;

namespace Verb.TestKit.Worlds;

/// <summary>
/// One thread on which actor systems run in a time of their own: what is ready runs in an order drawn from the seed, and time moves only when told. The
/// same seed and the same calls give the same run, in any process.
/// </summary>
/// <remarks>
/// What an actor starts by <c>Task.Run</c>, <c>Task.Delay</c> or anything else of the machine's threads and clock is outside. As soon as it tells an
/// actor something, the world notes it, drops the message, and throws at the next <see cref="Settle"/>, <see cref="Advance"/> or <see cref="Dispose"/>.
/// </remarks>
public sealed partial class World : IDisposable
{
    /// <summary>An odd number near 2^64 divided by the golden ratio: multiples of it fall far apart.</summary>
    internal const ulong Golden = 0x9E3779B97F4A7C15;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, int> _lives = [];
    private readonly List<WorldProcess> _processes = [];

    /// <summary>A world at its beginning; without a seed always the same.</summary>
    /// <param name="seed">What everything is drawn from.</param>
    public World(int seed = 1)
    {
        Seed = seed;
        Random = new Random(seed ^ 0x5EED);
        _draw = StableHash.Mix((ulong)(uint)seed + Golden);
        _window = 4UL << (int)(StableHash.Mix(_draw) % 5);
        (_diceInside, _diceOutside) = (new Random(seed ^ 0x1D1CE), new Random(seed ^ 0x2D1CE));
        Trace = new WorldTrace(this);
        _tasks = new WorldTasks(this, null);
        _context = Marked();
        _thread = Environment.CurrentManagedThreadId;
        AkkaRandom.Swap(_diceOutside);
    }

    /// <summary>What everything is drawn from.</summary>
    public int Seed { get; }

    /// <summary>How much time has passed since the beginning.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Ticks);

    /// <summary>What time it is; the beginning is the first second of 2030.</summary>
    public DateTimeOffset UtcNow => Start + Now;

    /// <summary>How many steps have run: a message handled, a continuation, a timer.</summary>
    public long Steps { get; private set; }

    /// <summary>The world's dice for a test's own use, apart from the order of things.</summary>
    public Random Random { get; }

    /// <summary>How many timers are set, of all processes and of the world.</summary>
    public int TimerCount => Timers.Count;

    /// <summary>
    /// Whether what is told from outside has run, with all that comes of it, when the call returns. Otherwise it waits for <see cref="Settle"/> or
    /// <see cref="Advance"/>.
    /// </summary>
    /// <remarks>
    /// An eager world follows its test to another thread, as after an await in the test. So a thread that the test itself starts is seen as an escape
    /// only while the world runs; what actors start is always seen.
    /// </remarks>
    public bool IsEager { get; set; }

    /// <summary>So many steps without time moving are an endless loop, and are refused. Ten million by default.</summary>
    public long MaxSteps { get; set; } = 10_000_000;

    /// <summary>
    /// Due times of timers are rounded up to a multiple of it, and what is due at the same time becomes ready together, so that the seed decides who is
    /// first. Zero, the default, lets timers fire one by one in the order in which they were set, each with all that comes of it.
    /// </summary>
    public TimeSpan Grain
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
            Timers.Grain = Math.Max(1, value.Ticks);
        }
    }

    /// <summary>A hash of all that was told so far: to whom, of which type, in which step and at what time.</summary>
    public ulong Hash => Trace.Hash;

    /// <summary>Whether <see cref="Lines"/> are kept.</summary>
    public bool KeepsLines
    {
        get => Trace.KeepsLines;
        set => Trace.KeepsLines = value;
    }

    /// <summary>What the hash is made of, line by line, from when <see cref="KeepsLines"/> was set.</summary>
    public IReadOnlyList<string> Lines => Trace.Lines;

    internal long Ticks { get; private set; }

    internal WorldTimers Timers { get; } = new();

    internal WorldTrace Trace { get; }

    internal WorldEscapes Escapes { get; } = new();

    /// <summary>Runs until nothing is left to do without time moving.</summary>
    /// <exception cref="WorldEscapeException">Something ran outside of the world.</exception>
    /// <exception cref="InvalidOperationException">Called from what the world runs, or the work never ends.</exception>
    public void Settle()
    {
        Enter();
        Pump();
        Escapes.Throw(Seed);
    }

    /// <summary>Settles, then moves time from timer to timer, settling at each and at the end.</summary>
    /// <exception cref="WorldEscapeException">Something ran outside of the world.</exception>
    /// <exception cref="InvalidOperationException">Called from what the world runs, or the work never ends.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Enter();
        var end = Ticks + time.Ticks;
        Pump();
        while (Timers.Next is { } due && due <= end)
        {
            Ticks = Math.Max(Ticks, due);
            Pump();
        }

        Ticks = end;
        Pump();
        Escapes.Throw(Seed);
    }

    /// <summary>What is told in here is all under way before anything of it runs; then settles.</summary>
    public void Together(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Enter();
        _held = true;
        try
        {
            action();
        }
        finally
        {
            _held = false;
        }

        Settle();
    }

    /// <summary>
    /// Does something where no context is current, as the network or a disk completes what was asked of it: a test completes its doubles in here. Called
    /// from what the world runs, it is done as a step of its own soon after.
    /// </summary>
    public void Do(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (_running && IsOnItsThread())
        {
            Add(_tasks.WorkOf(action, WorkKind.Neutral));
            return;
        }

        Enter();
        Outside(action);
    }

    /// <summary>Does something later, whatever becomes of any process.</summary>
    public void After(TimeSpan delay, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Set(new ActionTimer(null, action), delay);
    }

    /// <summary>Does something after so many further steps, wherever in their work the processes are then.</summary>
    public void AfterSteps(int steps, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentNullException.ThrowIfNull(action);
        _atSteps.Add((Steps + steps, action));
        SetStop();
    }

    /// <summary>Runs asynchronous test code among the actors, awaits included, until all is idle.</summary>
    /// <exception cref="InvalidOperationException">Idle, yet the code still waits for something.</exception>
    public void Run(Func<Task> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        Enter();
        Task? task = null;
        Push(_tasks.WorkOf(() => task = code(), WorkKind.Action));
        Settle();
        if (task is not { IsCompleted: true })
            throw new InvalidOperationException($"The code waits for something that does not come (seed {Seed}).");
        task.GetAwaiter().GetResult();
    }

    /// <summary>Adds something to the <see cref="Hash"/> and the <see cref="Lines"/>.</summary>
    public void Note(string what)
    {
        ArgumentNullException.ThrowIfNull(what);
        Trace.Add(what);
    }

    /// <summary>Kills all processes. Nothing of the world ever runs again.</summary>
    /// <exception cref="WorldEscapeException">Something ran outside of the world.</exception>
    public void Dispose()
    {
        foreach (var process in _processes.ToArray())
            process.Kill();
        if (!_running)
            _ready.Clear();
        Escapes.Throw(Seed);
    }

    /// <summary>Counts the lives of a process's name.</summary>
    internal int Register(WorldProcess process)
    {
        _processes.Add(process);
        return _lives[process.Name] = _lives.GetValueOrDefault(process.Name) + 1;
    }

    internal void Unregister(WorldProcess process) => _processes.Remove(process);
}
